//! The bugs that are planted.

pub(crate) mod sheet;

/// One of them: in which file of the rules, at which piece of it, and what stands there instead of what `at` has between
/// `«` and `»`, an expression or whole statements.
pub(crate) struct Bug {
    pub(crate) name: &'static str,
    pub(crate) file: &'static str,
    pub(crate) at: &'static str,
    pub(crate) becomes: &'static str,
}

const fn bug(name: &'static str, file: &'static str, at: &'static str, becomes: &'static str) -> Bug {
    Bug { name, file, at, becomes }
}

impl Bug {
    /// The source with the bug in it, which is there when `planted(number)` is true.
    pub(crate) fn plant(&self, source: &str, number: usize) -> String {
        let Self { name, file, at, becomes } = self;
        let (before, rest) = at.split_once('«').expect("where it begins");
        let (is, after) = rest.split_once('»').expect("where it ends");
        let place = [before, is, after].concat();
        assert_eq!(source.matches(&place).count(), 1, "{name}: {place:?} is not once in {file}");
        let (open, close) = if is.ends_with([';', '}']) { ('{', '}') } else { ('(', ')') };
        let either = format!("if crate::planted({number}) {{ {becomes} }} else {{ {is} }}");
        source.replace(&place, &format!("{before}{open}{either}{close}{after}"))
    }
}

/// What the seasons catch.
pub(crate) const SEASON_BUGS: [Bug; 56] = [
    bug(
        "a yes counts however late it is",
        "cascade/command/answers.rs",
        "if «closed && deciding.context.can_answer» {",
        "false",
    ),
    bug(
        "others stay asked when a seat is taken",
        "cascade/seating.rs",
        "deciding.state.open_offers().filter(|open| «open.seat == *seat»).map(",
        "false",
    ),
    bug(
        "a yes does not look at other sails",
        "cascade/judging.rs",
        "verdict.against.into_iter().find(|reason| «!reason.passes()»)",
        "false",
    ),
    bug(
        "an undone captain leaves the crew asked",
        "cascade/seating.rs",
        "    if «deciding.state.captain().is_none()» {\n        let crew",
        "false",
    ),
    bug(
        "the crew is asked without a captain",
        "cascade/settle.rs",
        "if «!position.is_captain() && deciding.state.captain().is_none()» {",
        "false",
    ),
    bug(
        "who said no is asked again by the next captain",
        "cascade/queue.rs",
        "let passed_over = «cascade.skipped.iter().chain(&call.declined)».chain(",
        "cascade.skipped.iter().chain(&[])",
    ),
    bug(
        "offers lapse long before they close",
        "cascade/settle.rs",
        "offer.closes_at.is_some_and(|closes_at| now >= «closes_at»);",
        "closes_at - jiff::SignedDuration::from_mins(45)",
    ),
    bug(
        "a downtime gives nobody more time",
        "cascade/settle.rs",
        "context.outage.filter(|_| «offer.extensions < limits::EXTENSIONS»)",
        "false",
    ),
    bug(
        "a second downtime hides the first",
        "signs.rs",
        "known.map_or(from, |known| «known.from.min(from)»)",
        "from",
    ),
    bug(
        "every settling alerts anew",
        "cascade/settle.rs",
        "if deciding.state.call.as_ref().is_some_and(|call| «call.exhausted_at.is_none()») {",
        "true",
    ),
    bug(
        "a cancelled charter keeps its people bound",
        "cascade/deciding/entail.rs",
        "«for to in &bound {\n                    self.release(to)?;\n                }»",
        "()",
    ),
    bug(
        "a cancellation is told to nobody",
        "cascade/deciding/entail.rs",
        "«for to in told {\n                    self.post(Notice::Cancelled { to });\n                }»",
        "drop(told)",
    ),
    bug(
        "a cancellation is not told to those who stand by",
        "cascade/deciding/entail.rs",
        "«told.extend(waiting.map(|offer| offer.crew_id.clone()));»",
        "drop(waiting);",
    ),
    bug(
        "people are passed over because of a sail a day later",
        "commitments.rs",
        "                && from < «entry.until + policy.turnaround»",
        "entry.until + policy.turnaround + SignedDuration::from_hours(20)",
    ),
    bug(
        "a change of time is no revision",
        "cascade/apply/call.rs",
        "self.revision += «u32::from(material)»;",
        "0",
    ),
    bug(
        "an offer that lapsed keeps its person busy",
        "cascade/deciding/entail.rs",
        "Fact::OfferExpired { offer } => «self.close(*offer)?»,",
        "()",
    ),
    bug(
        "nobody tells a call that its person is free",
        "cascade/deciding/entail.rs",
        "«self.nudges.extend(waited.into_iter().filter(|waiting| waiting != own));»",
        "let _ = (waited, own);",
    ),
    bug(
        "a void offer is mailed all the same",
        "cascade/notice.rs",
        "                Some(OfferState::Queued) if !cancelled => None,\n                _ => «Some(\"the offer is no longer open\")»",
        "state.offer(*offer).is_none().then_some(\"the offer is no longer open\")",
    ),
    bug(
        "a call that rests has no deadline",
        "cascade/state.rs",
        "let live = «matches!(self.status(), CallStatus::Running | CallStatus::Paused)» && !ended;",
        "matches!(self.status(), CallStatus::Running)",
    ),
    bug(
        "whoever is asked gets no mail",
        "cascade/deciding/entail.rs",
        "«self.post(Notice::Offer { offer: *offer });»",
        "",
    ),
    bug(
        "two mails of one fact have one key",
        "cascade/deciding/entail.rs",
        "            | Notice::NotTold { to } => «format!(\"-{to}\")»,",
        "String::new()",
    ),
    bug(
        "a seat that was given to a standby is offered again",
        "cascade/settle.rs",
        "            if «deciding.state.holder(&seat).is_some()» {",
        "false",
    ),
    bug(
        "whoever is let go is not told",
        "cascade/deciding/entail.rs",
        "«self.post(Notice::Released { offer: *offer })»",
        "()",
    ),
    bug(
        "whoever is free at once does not hear of it",
        "cascade/deciding/entail.rs",
        "ReleaseReason::Free => «self.note(*offer)»",
        "()",
    ),
    bug(
        "whoever takes a yes back does not hear of it",
        "cascade/deciding/entail.rs",
        "the link could be in other hands.\n                «self.note(*offer);»",
        "",
    ),
    bug(
        "whose offer is taken back is not told",
        "cascade/deciding/entail.rs",
        "«self.post(Notice::Rescinded { offer: *offer, why: *why });»",
        "",
    ),
    bug(
        "people are left out without a reason",
        "cascade/start.rs",
        "skipped.push(Skipped::new(member.crew_id.clone(), «reasons»));",
        "Vec::new()",
    ),
    bug(
        "the office is not told that the crew is complete",
        "cascade/deciding/entail.rs",
        "«self.post(Notice::CrewListOffice);»",
        "",
    ),
    bug(
        "an address that refuses mail is asked again",
        "cascade/judging.rs",
        "    Ok(«verdict(deciding, crew_id, position)?.and(contact(deciding, crew_id)?)»)",
        "verdict(deciding, crew_id, position)?",
    ),
    bug(
        "the list is asked from its end",
        "cascade/queue.rs",
        "        «cascade.order().filter(|id| !done.contains(id)).cloned().collect()»",
        "let mut order: Vec<CrewId> = cascade.order().filter(|id| !done.contains(id)).cloned().collect();\n        order.reverse();\n        order",
    ),
    bug(
        "a call that rests asks on",
        "cascade/settle.rs",
        "let paused = «deciding.state.status() == CallStatus::Paused»;",
        "false",
    ),
    bug(
        "a gate that was set aside for one is open to all",
        "eligibility/mod.rs",
        "let about = |known: &Override| «known.crew_id.is_none() || known.crew_id.as_ref() == crew_id»;",
        "true",
    ),
    bug(
        "a credential counts though it has run out",
        "eligibility/mod.rs",
        "Some((name, Some(expires))) if «expires < last» => {",
        "false",
    ),
    bug(
        "whoever takes the watch needs no rest",
        "eligibility/mod.rs",
        "«reasons.extend(duty::too_little_rest(self.charter, &others));»",
        "",
    ),
    bug(
        "a day is never looked at",
        "eligibility/mod.rs",
        "Some(Meaning::Unavailable) => «Some(Reason::Unavailable { date })»,",
        "None",
    ),
    bug(
        "only the first day of a sail is looked at",
        "eligibility/mod.rs",
        "let days_off = «days».iter().filter_map(|day| self.day(",
        "&days[..days.len().min(1)]",
    ),
    bug(
        "the hours of a day are not looked at",
        "eligibility/mod.rs",
        "Some(Meaning::Within(hours)) if «hours.cover(from, until)» => None,",
        "true",
    ),
    bug(
        "who is free only later that day can sail in the morning",
        "model/crew/hours.rs",
        "        «self.from <= from»\n            && match",
        "true",
    ),
    bug(
        "what is no yes is one",
        "eligibility/mod.rs",
        "«Some(Reason::UnknownAvailability { date, said })»",
        "said.is_none().then_some(Reason::UnknownAvailability { date, said })",
    ),
    bug(
        "company is not looked at",
        "cascade/judging.rs",
        ".and(deciding.sail().company(member, «&company»));",
        "&[]",
    ),
    bug(
        "company is looked at from one side",
        "eligibility/mod.rs",
        "member.do_not_pair.contains(*id) || «refuses»",
        "false",
    ),
    bug(
        "whoever has no address is asked",
        "eligibility/mod.rs",
        "let no_contact = «member.email.is_none()».then_some(Reason::NoContact)",
        "false",
    ),
    bug(
        "whoever sails as something else by now is asked as before",
        "eligibility/mod.rs",
        "let other_rank = («member.rank != *position»).then(||",
        "false",
    ),
    bug("windows do not shrink", "policy/window.rs", "let share = match «awake / people» {", "awake"),
    bug(
        "the captains leave the crew no time",
        "policy/window.rs",
        "let left = if «queue.others_follow» { left / 2 } else { left };",
        "false",
    ),
    bug(
        "people have to answer at night",
        "policy/window.rs",
        "Some(quiet) => «quiet.after_awake(from, share, zone)»,",
        "from + share",
    ),
    bug(
        "whoever has no time left has until after the boat has left",
        "policy/window.rs",
        "closes_at: «(reply_by + self.grace).min(charter.departs_at)»",
        "reply_by + self.grace",
    ),
    bug(
        "sails that are agreed on do not count for whose turn it is",
        "commitments.rs",
        "self.past.months.get(&wanted).copied().unwrap_or_default() + «ahead as u32»",
        "0",
    ),
    bug(
        "who is only asked has sailed",
        "commitments.rs",
        "«entry.kind == CommitmentKind::Assigned» && entry.charter_id != *beside",
        "true",
    ),
    bug(
        "a roster change is not looked at",
        "cascade/command/mod.rs",
        "Command::Recheck => «recheck(deciding)»,",
        "Ok(())",
    ),
    bug(
        "whoever is aboard and cannot come is no news",
        "cascade/command/recheck.rs",
        "    if «news.is_empty()» {\n        return forget_what_is_over(deciding, offer, &verdict, known);",
        "true",
    ),
    bug(
        "whoever is asked and cannot come any more stays asked",
        "cascade/command/recheck.rs",
        "    if «news.is_empty()» {\n        return forget_what_is_over(deciding, offer, &verdict, Vec::new());",
        "true",
    ),
    bug(
        "offers lapse while nobody can answer",
        "cascade/settle.rs",
        "if «!departed && !deciding.context.can_answer» {",
        "false",
    ),
    bug(
        "words that come with an answer twice given are lost",
        "cascade/deciding/mod.rs",
        "«self.record(Fact::Commented { offer })»",
        "Ok(())",
    ),
    bug(
        "the office does not hear what somebody says along with an answer",
        "cascade/deciding/entail.rs",
        "«self.post(Notice::Comment { seq });»",
        "let _ = seq;",
    ),
    bug(
        "whoever is being asked when it begins anew is asked twice",
        "cascade/apply/call.rs",
        "«offer.round = round;»",
        "let _ = (&offer, round);",
    ),
];
