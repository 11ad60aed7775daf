//! Every sentence that is mailed, to be read.

use crewcall_dispatch::cascade::{Command, OfferNo, RescindReason};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::model::PositionNeed;
use crewcall_dispatch::policy::DropOuts;
use crewcall_dispatch::vessel::Gate;

use super::super::*;
use super::{Scene, person};
use jiff::SignedDuration;

/// Compares with `snapshots/NAME.snap`, beside the letters.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A page with one tag a line.
fn page(name: &str, mail: &Mail) {
    snapshot(name, &mail.html.replace("><", ">\n<"));
}

fn read(name: &str, mail: &Mail) {
    snapshot(name, &format!("To: {}\nSubject: {}\n\n{}", mail.to, mail.subject, mail.text));
}

#[test]
fn a_captain_is_asked() {
    let mut scene = Scene::new(2);
    scene.run(Command::Start);
    let mail = scene.newest("offer");
    read("offer_captain", &mail);
    page("offer_captain_html", &mail);
}

#[test]
fn a_deckhand_is_asked_with_the_captain_aboard() {
    let mut scene = Scene::new(1).started();
    scene.run(Command::Accept(OfferNo(1)));
    let mail = scene.newest("offer");
    read("offer_deckhand", &mail);
    page("offer_deckhand_html", &mail);
}

#[test]
fn the_office_gets_a_copy() {
    read("offer_copy", &Scene::new(0).started().newest("offer-copy"));
}

#[test]
fn people_write_to_each_other() {
    let mut scene = Scene::new(1).started().accepted(1).accepted(2);
    scene.run(Command::Post { text: "Bring oilskins.\n\nWe sail whatever the weather.".into() });
    let mail = scene.newest("message");
    read("message_of_the_office", &mail);
    page("message_of_the_office_html", &mail);
    scene.by = Actor::Crew("lee".parse().unwrap());
    scene.run(Command::Post { text: "I am at the gate.".into() });
    read("message_of_the_crew", &scene.newest("message"));
    read("message_office", &scene.newest("message-office"));
}

#[test]
fn somebody_says_something_along_with_an_answer() {
    let mut scene = Scene::new(1).started();
    (scene.by, scene.comment) =
        (Actor::Crew("dana".parse().unwrap()), Some("Only until six.\nThen I must go."));
    scene.run(Command::Accept(OfferNo(1)));
    read("comment", &scene.newest("comment"));
}

#[test]
fn the_crew_is_complete() {
    let scene = Scene::new(2).started().accepted(1).accepted(2).accepted(3);
    read("crew_list", &scene.newest("crew-list"));
    read("crew_list_office", &scene.newest("crew-list-office"));
}

#[test]
fn a_complete_crew_is_complete_no_more() {
    let mut scene = Scene::new(2).started().accepted(1).accepted(2).accepted(3);
    scene.run(Command::Undo(OfferNo(3)));
    read("reopened", &scene.newest("reopened"));
    read("reopened_office", &scene.newest("reopened-office"));
}

#[test]
fn somebody_drops_out() {
    let crewed = || {
        let mut scene = Scene::new(1).started().accepted(1).accepted(2);
        scene.now += SignedDuration::from_mins(11);
        scene
    };
    let mut scene = crewed();
    scene.run(Command::DropOut(OfferNo(2)));
    read("reopened_dropped_out", &scene.newest("reopened"));
    read("reopened_office_dropped_out", &scene.newest("reopened-office"));
    read("released_replaced", &scene.accepted(3).newest("released"));

    // The day before, and with nobody left to ask.
    let mut scene = crewed();
    scene.now = "2026-06-26T09:00:00-07:00".parse().unwrap();
    scene.run(Command::DropOut(OfferNo(1)));
    read("dropped_out", &scene.newest("dropped-out"));
    let scene = scene.declined(3);
    read("dropped_out_nobody_left", &scene.newest("dropped-out"));
    let mut scene = scene;
    scene.run(Command::Cancel);
    read("cancelled_office_dropped_out", &scene.newest("cancelled-office"));
}

#[test]
fn the_charter_changes() {
    let mut scene = Scene::new(2).started().accepted(1).accepted(2);
    let mut charter = scene.state.charter.clone();
    for time in [&mut charter.call_time, &mut charter.departs_at, &mut charter.returns_at] {
        *time += SignedDuration::from_hours(2);
    }
    charter.dock = "Harbor Drive, pier 9".into();
    scene.run(Command::Change { from: Box::new(scene.state.charter.clone()), to: Box::new(charter) });
    let mail = scene.newest("changed");
    read("changed", &mail);
    page("changed_html", &mail);
    read("rescinded_charter_changed", &scene.newest("rescinded"));
    let notice = scene.postings.iter().rfind(|posting| posting.notice.slug() == "changed");
    let notice = notice.unwrap().notice.clone();
    scene.run(Command::MailSent { notice, ambiguous: false });
    read("unconfirmed", &scene.later("2026-06-20T12:00:00-07:00").newest("unconfirmed"));

    // Another day, on which nobody can sail.
    let mut scene = Scene::new(1).started().accepted(1);
    let mut charter = scene.state.charter.clone();
    for time in [&mut charter.call_time, &mut charter.departs_at, &mut charter.returns_at] {
        *time += SignedDuration::from_hours(24);
    }
    scene.run(Command::Change { from: Box::new(scene.state.charter.clone()), to: Box::new(charter) });
    read("conflict", &scene.newest("conflict"));
}

#[test]
fn a_change_is_taken_back() {
    let mut scene = Scene::new(0).started().accepted(1);
    let from = scene.state.charter.clone();
    let mut to = from.clone();
    to.dock = "Harbor Drive, pier 9".into();
    scene.run(Command::Change { from: Box::new(from.clone()), to: Box::new(to.clone()) });
    let notice = scene.postings.iter().rfind(|posting| posting.notice.slug() == "changed");
    let notice = notice.unwrap().notice.clone();
    scene.run(Command::MailSent { notice, ambiguous: false });
    scene.run(Command::Change { from: Box::new(to), to: Box::new(from) });
    read("as_agreed", &scene.newest("as-agreed"));
}

#[test]
fn somebody_stands_by() {
    let mut scene = Scene::new(0).started().later("2026-06-20T12:00:00-07:00");
    scene.run(Command::Accept(OfferNo(1)));
    read("standby", &scene.newest("standby"));
    read("exhausted_with_standby", &scene.later("2026-06-20T16:00:00-07:00").newest("exhausted"));
}

#[test]
fn the_office_says_for_somebody_that_they_cannot_sail() {
    let mut scene = Scene::new(1).started().accepted(1).accepted(2);
    scene.run(Command::DropOut(OfferNo(2)));
    read("noted", &scene.newest("noted"));
    scene.now += SignedDuration::from_mins(11);
    scene.run(Command::DropOut(OfferNo(1)));
    read("noted_responsible", &scene.newest("noted"));
    scene.run(Command::Cancel);
    read("noted_cancelled", &scene.write(&Notice::Noted { offer: OfferNo(2) }));
    let mut scene = Scene::new(0).started().accepted(1);
    scene.run(Command::Undo(OfferNo(1)));
    read("noted_taken_back", &scene.newest("noted"));

    // Taken back when there is no time left to answer again.
    let mut scene = Scene::new(0).started();
    scene.now = scene.state.offers[0].reply_by.unwrap() - SignedDuration::from_mins(1);
    let mut scene = scene.accepted(1);
    scene.now += SignedDuration::from_mins(9);
    scene.run(Command::Undo(OfferNo(1)));
    read("noted_taken_back_late", &scene.newest("noted"));

    let mut scene = Scene::new(0);
    scene.operator.policy.drop_outs = DropOuts::Free;
    let mut scene = scene.started().accepted(1);
    scene.now += SignedDuration::from_mins(11);
    scene.run(Command::DropOut(OfferNo(1)));
    read("noted_free", &scene.newest("noted"));
}

#[test]
fn a_crew_by_hand_is_complete_no_more() {
    let mut scene = Scene::new(0);
    let (position, crew_id) = ("captain".parse().unwrap(), scene.people[1].crew_id.clone());
    scene.run(Command::Assign { position, crew_id: crew_id.clone(), reason: "agreed by phone".into() });
    scene.run(Command::Release { crew_id, reason: "ill".into() });
    read("reopened_office_rests", &scene.newest("reopened-office"));
}

#[test]
fn a_cancelled_charter_is_on_again() {
    let mut scene = Scene::new(0).started().accepted(1);
    scene.run(Command::Cancel);
    scene.people.retain(|member| member.crew_id.as_str() != "dana");
    scene.people.push(person("captain", "Dana", 99));
    scene.run(Command::Restore);
    read("cancelled_and_on_again", &scene.newest("cancelled"));
}

#[test]
fn the_office_releases_somebody() {
    let release = |who: &str| Command::Release { crew_id: who.parse().unwrap(), reason: "ill".into() };
    let mut scene = Scene::new(1).started().accepted(1).accepted(2);
    scene.run(release("lee"));
    read("released", &scene.newest("released"));
    read("reopened_released", &scene.newest("reopened"));
    scene.now += SignedDuration::from_mins(11);
    scene.run(Command::DropOut(OfferNo(1)));
    scene.run(release("dana"));
    read("released_dropped_out", &scene.newest("released"));
}

#[test]
fn someone_aboard_cannot_be_told() {
    let mut scene = Scene::new(2).started().accepted(1).accepted(2).accepted(3);
    let notice = Notice::CrewList { to: scene.state.offers[1].crew_id.clone() };
    scene.run(Command::MailRefused { notice, error: "550 5.1.1 no such mailbox".into(), email: None });
    read("not_told", &scene.newest("not-told"));
}

#[test]
fn the_trial_of_the_way_mail_leaves() {
    let from = "Harbor Sails <crew@example.com>".parse().unwrap();
    let to = "office@example.com".parse().unwrap();
    let mail = crate::letters::trial("Harbor Sails", &from, &to, "2026-06-20T16:00:00Z".parse().unwrap());
    read("trial", &mail);
}

#[test]
fn nobody_is_left_to_ask() {
    let mail = Scene::new(0).started().declined(1).later("2026-06-20T11:02:00-07:00").newest("exhausted");
    read("exhausted", &mail);
    page("exhausted_html", &mail);
}

#[test]
fn nobody_could_be_asked_at_all() {
    let mut scene = Scene::new(0);
    scene.people.clear();
    scene.run(Command::Start);
    read("exhausted_nobody_asked", &scene.newest("exhausted"));
}

#[test]
fn the_office_is_told_what_to_look_at() {
    let mut scene = Scene::new(0).started();
    scene.state.offers[0].warnings =
        vec![Reason::CredentialMissing { gate: Gate::Medical, credential: "medical".into() }];
    read("offer_copy_with_a_warning", &scene.newest("offer-copy"));
}

#[test]
fn time_runs_out() {
    let scene = Scene::new(0).later("2026-06-27T14:50:00-07:00").started();
    read("urgent", &scene.newest("urgent"));
}

#[test]
fn nobody_is_left_for_one_of_two_seats() {
    let scene = Scene::new(2).started().accepted(1).accepted(2).declined(3);
    read("exhausted_one_seat_of_two", &scene.newest("exhausted"));

    // The other seat is a host's, and its offer is still open.
    let mut scene = Scene::new(1);
    scene.people.push(person("host", "Zoe", 46));
    let host = PositionNeed { position: "host".parse().unwrap(), quantity: 1 };
    scene.state.charter.positions.push(host);
    let scene = scene.started().accepted(1).declined(2).declined(4);
    read("exhausted_others_still_asked", &scene.newest("exhausted"));
    read("position_exhausted", &scene.declined(3).newest("position-exhausted"));
}

#[test]
fn people_who_were_asked_again_stand_in_the_alert_once() {
    let mut scene = Scene::new(0).started().declined(1).declined(2).later("2026-06-21T09:00:00-07:00");
    scene.run(Command::Start);
    let mail = scene.declined(3).declined(4).newest("exhausted");
    assert_eq!(mail.text.matches("Dana Example").count(), 1, "{}", mail.text);
}

#[test]
fn the_departure_is_reached() {
    let mut scene = Scene::new(2);
    scene.now = "2026-06-27T15:30:00-07:00".parse().unwrap();
    let scene = scene.started().later("2026-06-27T16:00:00-07:00");
    read("exhausted_departed", &scene.newest("exhausted"));

    // The alert was held up until then.
    let mut scene = Scene::new(0);
    scene.people.clear();
    scene.run(Command::Start);
    scene.now = "2026-06-27T16:00:00-07:00".parse().unwrap();
    read("exhausted_departed_nobody_asked", &scene.newest("exhausted"));
}

#[test]
fn the_captain_withdraws() {
    let mut scene = Scene::new(1).started().accepted(1);
    scene.run(Command::Undo(OfferNo(1)));
    read("rescinded", &scene.newest("rescinded"));
    let why = RescindReason::CharterCancelled;
    read("rescinded_cancelled", &scene.write(&Notice::Rescinded { offer: OfferNo(2), why }));
}

#[test]
fn the_office_puts_somebody_aboard_and_takes_an_offer_back() {
    let mut scene = Scene::new(1).started();
    let (position, crew_id) = ("captain".parse().unwrap(), scene.people[1].crew_id.clone());
    scene.run(Command::Assign { position, crew_id, reason: "agreed by phone".into() });
    let mail = scene.newest("assigned");
    read("assigned", &mail);
    page("assigned_html", &mail);
    for why in [
        RescindReason::SeatTaken,
        RescindReason::Skipped,
        RescindReason::CallStopped,
        RescindReason::AboardElsewhere,
        RescindReason::CannotCome,
    ] {
        let name = format!("rescinded_{}", serde_json::to_value(why).unwrap().as_str().unwrap());
        read(&name, &scene.write(&Notice::Rescinded { offer: OfferNo(1), why }));
    }
}

#[test]
fn the_charter_is_cancelled() {
    let mut scene = Scene::new(2).started().accepted(1).accepted(2);
    scene.run(Command::Cancel);
    read("cancelled", &scene.newest("cancelled"));
    read("cancelled_office", &scene.newest("cancelled-office"));

    let mut scene = Scene::new(2);
    scene.run(Command::Cancel);
    read("cancelled_office_nobody", &scene.newest("cancelled-office"));
    let mut scene = Scene::new(0).started().later("2026-06-20T11:03:00-07:00");
    scene.run(Command::Accept(OfferNo(1)));
    scene.run(Command::Cancel);
    read("cancelled_office_stood_by", &scene.newest("cancelled-office"));
}

#[test]
fn a_mail_is_refused() {
    let mut scene = Scene::new(0);
    scene.run(Command::Start);
    scene.by = Actor::Crewcall;
    let notice = Notice::Offer { offer: OfferNo(1) };
    scene.run(Command::MailRefused { notice, error: "550 no such user".into(), email: None });
    read("undeliverable", &scene.newest("undeliverable"));
    let mut scene = Scene::new(0);
    scene.operator.policy.undeliverable = crewcall_dispatch::policy::Undeliverable::Pause;
    scene.run(Command::Start);
    scene.by = Actor::Crewcall;
    let notice = Notice::Offer { offer: OfferNo(1) };
    scene.run(Command::MailRefused { notice, error: "550 no such user".into(), email: None });
    read("undeliverable_rests", &scene.newest("undeliverable"));
}

#[test]
fn somebody_of_the_office_signs_in() {
    let scene = Scene::new(0);
    let (id, now) = (scene.operator.key.new_sign_in_id("abcdefgh"), scene.now);
    let user = crate::app::User {
        email: "pat@example.com".parse().unwrap(),
        name: "Pat Lane".into(),
        role: crate::app::Role::Office,
        since: now,
        added_by: "a setup link".into(),
    };
    let token = scene.operator.key.sign_in_token(&id);
    let of = Envelope { operator: &scene.operator, key: "sign-in", now };
    let mail = sign_in(&of, &user, &token, now + SignedDuration::from_mins(15));
    read("sign_in", &mail);
    page("sign_in_html", &mail);
}
