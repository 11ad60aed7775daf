//! `crewcall user`

use super::Home;

#[test]
fn somebody_is_let_in_given_another_role_and_shut_out() {
    let home = Home::new();
    assert!(home.run(&["user", "list"]).done().contains("`crewcall setup-link`"));
    let said = home.run(&["user", "add", "Pat@example.com", "--name", "Pat Lane"]).done();
    assert!(
        said.contains("pat@example.com may sign in as office, at https://crew.example.com/signin"),
        "{said}"
    );
    let kim = ["user", "add", "kim@example.com", "--name", "Kim Cole", "--role", "read-only", "--json"];
    assert_eq!(home.run(&kim).json()["role"], "read-only");
    let listed = home.run(&["user", "list"]).done();
    assert!(listed.contains("Pat Lane") && listed.contains("read-only"), "{listed}");

    let said = home.run(&["user", "remove", "pat@example.com"]).failed(1);
    assert!(said.contains("Pat Lane is the only one who may change anything"), "{said}");
    home.run(&["user", "add", "kim@example.com", "--name", "Kim Cole"]).done();
    assert!(home.run(&["user", "remove", "PAT@example.com"]).done().contains("Pat Lane is shut out"));
    let said = home.run(&["user", "remove", "pat@example.com"]).failed(1);
    assert!(said.contains("nobody here has the address pat@example.com"), "{said}");
    let left = home.run(&["user", "list", "--json"]).json();
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    for wrong in [["user", "add", "pat", "--name", "Pat"], ["user", "add", "a@example.com", "--name", " "]] {
        home.run(&wrong).failed(2);
    }
    home.run(&["user", "add", "a@example.com", "--name", "A", "--role", "owner"]).failed(2);
}
