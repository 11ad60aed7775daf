//! Whether the rules of pay are for people and vessels that there are (with a name that is mistyped a rule never counts, and
//! another one pays in its place), and whether approved statements have reached everyone.

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::model::CrewId;
use crewcall_dispatch::statement::Scope;
use jiff::SignedDuration;

use super::{Finding, Verdict};
use crate::app::App;
use crate::config::Config;
use crate::statement::{Outstanding, outstanding};
use crate::store::StoreError;

const ABOUT: &str = "pay";
/// Vessels that sailed in so long are known, and those that are to sail.
const BACK: SignedDuration = SignedDuration::from_hours(366 * 24);

pub(super) async fn examine(config: &Config, app: &App) -> Vec<Finding> {
    let mut findings = rules(app).await;
    match outstanding(app).await {
        Err(error) => findings.push(Finding::new(ABOUT, Verdict::Failed, error.to_string())),
        Ok(months) => findings.extend(months.into_iter().map(|of| not_arrived(config, &of))),
    }
    findings
}

fn not_arrived(config: &Config, of: &Outstanding) -> Finding {
    let Outstanding { month, unsent, in_doubt } = of;
    let mut says = Vec::new();
    if *unsent > 0 {
        let send = config.command(&format!("statement {month} --send"));
        says.push(format!("{unsent} mails of {month} have not left; send them: {send}"));
    }
    if *in_doubt > 0 {
        let look = config.command(&format!("statement {month} --dry-run"));
        says.push(format!(
            "nobody knows of {in_doubt} mails of {month} whether they have left; see which: {look}"
        ));
    }
    Finding::new(ABOUT, Verdict::Warning, says.join("; "))
}

async fn rules(app: &App) -> Vec<Finding> {
    let rules = &app.operator.pay.rules;
    let count = rules.pay.len() + rules.gratuity.len();
    if count == 0 {
        return Vec::new();
    }
    match strange(app).await {
        Err(error) => vec![Finding::new(ABOUT, Verdict::Failed, error.to_string())],
        Ok(strange) if strange.is_empty() => {
            let says = format!("the {count} rules are for people and vessels that there are");
            vec![Finding::new(ABOUT, Verdict::Ok, says)]
        }
        Ok(strange) => strange.into_iter().map(|says| Finding::new(ABOUT, Verdict::Warning, says)).collect(),
    }
}

/// What is said of each rule for somebody or something that nobody knows.
async fn strange(app: &App) -> Result<Vec<String>, StoreError> {
    let rules = &app.operator.pay.rules;
    let people: BTreeSet<CrewId> = app.roster().await?.into_iter().map(|member| member.crew_id).collect();
    let vessels = vessels(app).await?;
    let mut found = Vec::new();
    // A rule that is over for so long concerns nobody any more, and is better left as it was.
    let first = app.operator.zone.to_datetime(app.clock.now()).date().saturating_sub(BACK);
    let holds = |scope: &Scope| scope.until.is_none_or(|until| until >= first);
    for rule in rules.pay.iter().filter(|rule| holds(&rule.scope)) {
        let unknown = rule.crew_id.as_ref().filter(|crew_id| !people.contains(*crew_id));
        found.extend(unknown.map(|crew_id| {
            format!("[pay.rules.{}] is for {crew_id}, who is not on the roster", rule.scope.name)
        }));
    }
    let pay = rules.pay.iter().map(|rule| ("rules", &rule.scope));
    let scopes = pay.chain(rules.gratuity.iter().map(|rule| ("gratuity", &rule.scope)));
    found.extend(
        scopes
            .filter(|(_, scope)| holds(scope))
            .filter_map(|(section, scope)| unknown_vessel(section, scope, &vessels)),
    );
    Ok(found)
}

/// By their names in small letters: those of the settings, and of charters.
async fn vessels(app: &App) -> Result<BTreeMap<String, String>, StoreError> {
    let from = app.clock.now().checked_sub(BACK).ok();
    let charters = app.charters(from).await?;
    let sailing = charters.iter().map(|state| state.charter.vessel.clone());
    let names = app.operator.policy.vessels.iter().map(|vessel| vessel.name.clone()).chain(sailing);
    Ok(names.map(|name| (name.to_lowercase(), name)).collect())
}

fn unknown_vessel(section: &str, scope: &Scope, vessels: &BTreeMap<String, String>) -> Option<String> {
    // Where nothing has sailed yet and no vessel has settings, none is known.
    let name = scope
        .vessel
        .as_ref()
        .filter(|name| !vessels.is_empty() && !vessels.contains_key(&name.to_lowercase()))?;
    let known: Vec<&str> = vessels.values().map(String::as_str).collect();
    Some(format!(
        "[pay.{section}.{}] is for the vessel {name:?}, which has no charter of the last year or to come; there are {}",
        scope.name,
        known.join(", ")
    ))
}
