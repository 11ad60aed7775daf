//! The API, driven by a tester that others wrote: it reads the description and sends what that allows, what it
//! forbids, and what nobody thought of.

use std::process::Command;

use serde_json::Value;

use super::harbor::Harbor;
use crate::support::api_tester;

#[test]
fn the_api_is_as_it_describes_itself() {
    let harbor = Harbor::new("");
    harbor.import();
    harbor.book("charter_1", 27, 10);
    harbor.start_call("charter_1");
    let token = harbor.home.run(&["api-token", "new", "tester", "--json"]).json();
    let _server = harbor.serve();
    harbor.mail.wait_for_offer("dana");
    // Made-up ids lead nowhere: it is told those that lead to something.
    harbor.home.write("schemathesis.toml", "[parameters]\ncharter_id = \"charter_1\"\ncrew_id = \"dana\"\n");
    let tested = Command::new(api_tester())
        .current_dir(harbor.home.path())
        .args(["run", &format!("http://{}/api/v1/openapi.json", harbor.address())])
        .args(["--header", &format!("Authorization: Bearer {}", token["token"].as_str().unwrap())])
        // That a charter has one captain, and a command comes at the right time, no description of forms can say.
        .args(["--checks", "all", "--exclude-checks", "positive_data_acceptance"])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "40", "--continue-on-failure"])
        .args(["--seed", "4711", "--no-color"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&tested.stdout);
    assert!(tested.status.success(), "{said}{}", String::from_utf8_lossy(&tested.stderr));
    assert!(said.contains("Tested: 10"), "{said}");

    // It did not only knock: what it sent was carried out, and stands in the audit under its name.
    let audit = harbor.home.run(&["audit", "charter_1", "--json"]).json();
    let by_tester = |event: &&Value| event["by"]["office"] == "tester" && event["via"] == "API";
    let done = audit.as_array().unwrap().iter().filter(by_tester).count();
    assert!(done >= 10, "{done} things were done");
}
