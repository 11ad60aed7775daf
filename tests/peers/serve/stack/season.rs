//! A season on AWS, and the way back.

use serde_json::{Value, json};

use super::{KEY, Operator, PASSWORD};

#[test]
fn the_stack_is_deployed_by_the_aws_cli_and_a_captain_answers_on_it() {
    let office = Operator::new();
    let early = office.program(office.at("deploy/aws/stack")).args(["package", "builds"]).output().unwrap();
    assert!(String::from_utf8_lossy(&early.stderr).contains("there is no target/lambda/bootstrap.zip"));
    for (wrong, said) in [
        (&["deploy", "Runing=no"][..], "there is no parameter Runing; there are: OperatorName"),
        (&["set", "Running"], "Running is no NAME=VALUE"),
        (&["deploy"], "give deploy/aws/stack package BUCKET first"),
        (&["settings"], "is it deployed, in this region and account?"),
        (&["set", "Running=no"], "is it deployed, in this region and account?"),
        (&["outputs"], "deploy/aws/stack package BUCKET "),
    ] {
        let refused = office.program(office.at("deploy/aws/stack")).args(wrong).output().unwrap();
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && told.contains(said), "{wrong:?}: {told}");
        assert!(!told.contains("Traceback"), "{wrong:?}: {told}");
    }
    office.build(&[]);
    let key = office.secret("link-key", KEY);
    office.secret("smtp", PASSWORD);
    office.aws(&["s3", "mb", "s3://builds"]);
    office.stack(&["package", "builds"]);
    office.deploy(&[&format!("LinkKeySecretArn={key}")]);
    // A name of its own, with TLS: ticks ask for a page by it, and say that people reach them.
    let front = office.front();
    office.stack(&["set", &format!("PublicUrl=https://127.0.0.1:{}", front.ready["port"])]);
    std::fs::write(office.at("crewcall.env"), office.stack(&["settings"])).unwrap();

    // Everything that the program wants is there.
    let found = office.crewcall("store setup --json");
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!((&found["made"], &found["indexed"]), (&json!([]), &json!([])), "{found}");
    office.start_a_call();

    let tick = office.tick();
    assert_eq!((&tick["failed"], &tick["put_off"]), (&json!(0), &json!(0)), "{tick}");
    let letter = office.mail.wait_for_offer("dana");
    assert_eq!(letter.taken["authenticated"], true);
    // The first one was alone yet: the pages say that all is well once somebody has ticked.
    office.tick();
    let sign =
        ["dynamodb", "get-item", "--table-name", "crewcall", "--key", r#"{"pk":{"S":"service#heartbeat"}}"#];
    let sign = office.aws(&sign);
    assert!(sign.contains("served_at"), "{sign}");
    let page = office.ask("GET", letter.link().unwrap(), "");
    assert_eq!((page.status, page.heading()), (200, "Dana, can you sail?"));

    // A route of another tool's, behind the authorizer.
    let (api, authorizer) =
        (office.stack(&["output", "ApiId"]), office.stack(&["output", "LinkAuthorizerId"]));
    let first = ["apigatewayv2", "get-integrations", "--api-id", &api, "--query", "Items[0].IntegrationId"];
    let pages = format!("integrations/{}", office.aws(&first));
    let guarded = ["--authorization-type", "CUSTOM", "--authorizer-id", &authorizer, "--target", &pages];
    let mut route = vec!["apigatewayv2", "create-route", "--api-id", &api, "--route-key", "GET /signin"];
    route.extend(guarded);
    office.aws(&route);
    let token = letter.token().unwrap();
    let tides = |token: &str| office.ask("GET", &format!("/signin?token={token}"), "").status;
    assert_eq!((tides(token), tides(&token.replace('.', "x")), tides("")), (200, 403, 401));

    let page = office.ask("POST", "/crew/accept", &format!("token={token}&answer=accept"));
    assert_eq!((page.status, page.heading()), (200, "You're on"), "{}", page.body);
    assert_eq!(tides(token), 403, "it was answered");
    office.tick();
    office.mail.wait_for_offer("lee");

    // Stopped and begun again; what is kept outlives the stack.
    office.stack(&["set", "Running=no"]);
    assert_eq!(office.aws(&["events", "list-rules", "--query", "Rules[].State"]), "DISABLED");
    let silent =
        ["cloudwatch", "describe-alarms", "--query", "length(MetricAlarms[?MetricName=='OldestDue'])"];
    assert_eq!(office.aws(&silent), "1", "nobody listens for ticks that are not to come");
    office.stack(&["set", "Running=yes"]);
    assert_eq!(office.aws(&["events", "list-rules", "--query", "Rules[].State"]), "ENABLED");
    assert_eq!(office.aws(&silent), "2");
    office.aws(&["cloudformation", "delete-stack", "--stack-name", "crewcall"]);
    let tables = office.aws(&["dynamodb", "list-tables", "--query", "TableNames"]);
    assert_eq!(tables, "charter-chats\tcrew-dispatch\tcrew-tokens\tcrewcall");

    // Another stack takes them, with the same key: links that are out go on to work.
    office.deploy(&["MakeTables=no", &format!("LinkKeySecretArn={key}")]);
    std::fs::write(office.at("crewcall.env"), office.stack(&["settings"])).unwrap();
    let lee = office.mail.wait_for_offer("lee");
    let page = office.ask("GET", lee.link().unwrap(), "");
    assert_eq!((page.status, page.heading()), (200, "Lee, can you sail?"));

    // And back to one server.
    office.stack(&["set", "Running=no"]);
    office.crewcall("store copy --from dynamodb: --to sqlite:copy.db");
    let there = office.crewcall("charter show charter_5678 --json");
    office.home.write("crewcall.db.key", KEY);
    let server = "unset CREWCALL_STORE__TOKEN_TABLE CREWCALL_SERVER__LINK_KEY_SECRET && CREWCALL_STORE__KIND=sqlite \
                  CREWCALL_STORE__PATH=copy.db CREWCALL_SERVER__LINK_KEY_FILE=crewcall.db.key";
    assert_eq!(office.crewcall_as(server, "charter show charter_5678 --json"), there);
}
