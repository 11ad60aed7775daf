"""Whether deploy/aws/template.yaml and the program agree.

    template.py ENDPOINT

ENDPOINT is a DynamoDB in which `crewcall store setup` made the tables of the standard names, and nothing else did
anything. Compared are the tables, the environment of the functions with the settings that there are, the rights of the
functions with the operations that the program calls, and the alarms with the metrics that it prints. Ends with 1, and a
line for each difference.
"""

import pathlib
import re
import sys

import boto3
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "deploy/aws/template.yaml"
KEYS = ROOT / "src/config/keys.rs"
METRICS = ROOT / "src/lambda/metrics.rs"
# Where the store reads and commits. Setting up, copying and taking over are no work of a function.
CALLS = [ROOT / "src/store/dynamodb/read.rs", ROOT / "src/store/dynamodb/commit.rs"]

# What the store calls while it works, and the rights that this takes: for a transaction, those to each write in it.
RIGHTS = {
    "get_item": {"dynamodb:GetItem"},
    "batch_get_item": {"dynamodb:BatchGetItem"},
    "query": {"dynamodb:Query"},
    "transact_write_items": {"dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"},
}
# What only the function that sends mail has to know.
PASSWORD = "SmtpPasswordSecretArn"
OF_MAIL = {"CREWCALL_MAIL__SMTP__USERNAME", "CREWCALL_MAIL__SMTP__PASSWORD_SECRET"}


class Loader(yaml.SafeLoader):
    """Reads the short forms of CloudFormation's functions as the long ones."""


def function(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", function)


def walk(value):
    """A value and everything in it."""
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    for each in inner:
        yield from walk(each)


def several(value):
    return value if isinstance(value, list) else [value]


def shape(table, ttl):
    """What the program relies on, in the same form for a table of the template and one of DynamoDB."""

    def key(schema):
        return [(part["AttributeName"], part["KeyType"]) for part in schema]

    indexes = table.get("GlobalSecondaryIndexes", [])
    schemas = [table["KeySchema"], *(index["KeySchema"] for index in indexes)]
    used = {part["AttributeName"] for schema in schemas for part in schema}
    return {
        "key": key(table["KeySchema"]),
        "attributes": sorted(
            (each["AttributeName"], each["AttributeType"])
            for each in table["AttributeDefinitions"]
            if each["AttributeName"] in used
        ),
        "indexes": sorted(
            (
                index["IndexName"],
                key(index["KeySchema"]),
                index["Projection"]["ProjectionType"],
                sorted(index["Projection"].get("NonKeyAttributes", [])),
            )
            for index in indexes
        ),
        "time to live": ttl,
    }


def resources(template, kind):
    """The resources of a type, by their names."""
    return {name: of for name, of in template["Resources"].items() if of["Type"] == kind}


def named(template, text):
    """A text with the parameters' standard values in it."""
    standard = {name: str(of.get("Default", "")) for name, of in template["Parameters"].items()}
    return re.sub(r"\$\{(\w+)\}", lambda found: standard[found[1]], text["Fn::Sub"])


def tables_of_template(template):
    for resource in resources(template, "AWS::DynamoDB::Table").values():
        table = resource["Properties"]
        ttl = table.get("TimeToLiveSpecification", {})
        name = named(template, table["TableName"])
        yield name, shape(table, ttl.get("AttributeName") if ttl.get("Enabled") else None)


def tables_of_program(endpoint):
    client = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    for page in client.get_paginator("list_tables").paginate():
        for name in page["TableNames"]:
            ttl = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
            is_on = ttl.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
            table = client.describe_table(TableName=name)["Table"]
            yield name, shape(table, ttl.get("AttributeName") if is_on else None)


def about_tables(template, endpoint):
    wanted, found = dict(tables_of_program(endpoint)), dict(tables_of_template(template))
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield f"the template lacks the table {name}"
        elif name not in wanted:
            yield f"the template makes a table {name}, of which the program knows nothing"
        else:
            for what, of_program in wanted[name].items():
                if found[name][what] != of_program:
                    yield f"{name}: its {what} in the template: {found[name][what]}; of the program: {of_program}"


def about_keeping(template):
    """What is kept outlives the stack, can be had back, and is paid for as it is used."""
    tables = resources(template, "AWS::DynamoDB::Table")
    for name, table in tables.items():
        properties = table["Properties"]
        recovery = properties.get("PointInTimeRecoverySpecification", {})
        if properties.get("BillingMode") != "PAY_PER_REQUEST":
            yield f"{name} is not paid for by its requests"
        if not recovery.get("PointInTimeRecoveryEnabled") or not properties.get("DeletionProtectionEnabled"):
            yield f"{name} is without recovery or protection"
    for name, kept in {**tables, **resources(template, "AWS::SecretsManager::Secret")}.items():
        if (kept.get("DeletionPolicy"), kept.get("UpdateReplacePolicy")) != ("Retain", "Retain"):
            yield f"{name} does not outlive the stack"


def about_authorizer(template):
    for name, authorizer in resources(template, "AWS::ApiGatewayV2::Authorizer").items():
        properties = authorizer["Properties"]
        if properties["AuthorizerResultTtlInSeconds"] != 0:
            yield f"{name} keeps an answer that holds for its moment only"
        if (properties["AuthorizerPayloadFormatVersion"], properties["EnableSimpleResponses"]) != ("2.0", True):
            yield f"{name} asks in another form than the one whose answer is yes or no"


def about_alarms(template):
    printed = set(re.findall(r'"Name": "(\w+)", "Unit"', METRICS.read_text()))
    watched = set()
    for name, alarm in resources(template, "AWS::CloudWatch::Alarm").items():
        properties = alarm["Properties"]
        if not properties.get("AlarmActions"):
            yield f"{name} tells nobody"
        if properties["Namespace"] == "crewcall":
            watched.add(properties["MetricName"])
            if properties["Dimensions"] != [{"Name": "Service", "Value": {"Ref": "TickFunction"}}]:
                yield f"{name} watches another dimension than the one that is printed"
    yield from (f"{metric} is watched, and never printed" for metric in sorted(watched - printed))
    yield from (f"{metric} is printed, and nobody watches it" for metric in sorted(printed - watched))


def about_settings(template):
    text = KEYS.read_text()
    keys = re.findall(r'(?:\btext\(|\bname: )"([a-z_.*]+)"', text)
    patterns = [re.compile(re.escape(key).replace(r"\*", "[^.]+")) for key in keys]
    environments = {}
    for function, resource in template["Resources"].items():
        if resource["Type"] != "AWS::Lambda::Function":
            continue
        environments[function] = resource["Properties"]["Environment"]["Variables"]
        for variable in environments[function]:
            key = variable.removeprefix("CREWCALL_").lower().replace("__", ".")
            if not any(pattern.fullmatch(key) for pattern in patterns):
                yield f"{function}: {variable} is no setting of the program"
    web, tick = (environments[name].items() for name in ("WebFunction", "TickFunction"))
    different = [name for name, value in tick if (name, value) not in web and name not in OF_MAIL]
    different += [name for name, value in web if (name, value) not in tick or name in OF_MAIL]
    for name in different:
        yield f"{name} is not the same for both functions, or is not for the pages to know"


def about_secrets(template):
    """Who may do what with which secret, as listed here, and nothing else."""
    link_key, password = ("LinkKey", "LinkKeySecretArn"), ("SmtpPasswordSecretArn",)
    google = ("GoogleSecret", "GoogleSecretArn")
    client = ("SignInSecretArn",)
    wanted = {
        "CommandLinePolicy": {(link_key, "GetSecretValue")},
        "WebRole": {(link_key, "GetSecretValue"), (client, "GetSecretValue")},
        "TickRole": {
            (link_key, "GetSecretValue"),
            (password, "GetSecretValue"),
            (google, "GetSecretValue"),
            # Google may give another refresh token at any time.
            (google, "PutSecretValue"),
        },
        "GoogleLoginPolicy": {(google, right) for right in ("GetSecretValue", "PutSecretValue", "DescribeSecret")},
    }
    granted = {}
    for name, resource in template["Resources"].items():
        for statement in walk(resource):
            if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
                continue
            for action in several(statement["Action"]):
                service, _, right = action.partition(":")
                if service == "secretsmanager":
                    named = {each["Ref"] for each in walk(statement["Resource"]) if isinstance(each, dict) and "Ref" in each}
                    known = [secret for secret in (link_key, password, google, client) if named & set(secret)]
                    granted.setdefault(name, set()).update((secret, right) for secret in known or [("?",)])
    for name in sorted(wanted.keys() | granted.keys()):
        if granted.get(name, set()) != wanted.get(name, set()):
            yield f"{name} may do {granted.get(name)} with secrets, and needs {wanted.get(name)}"


def about_rights(template):
    called = {call for path in CALLS for call in re.findall(r"client\s*\.(\w+)\(\)", path.read_text())}
    yield from (f"the store calls {call}, for which there is no right here" for call in called - RIGHTS.keys())
    wanted = set().union(*(RIGHTS[call] for call in called & RIGHTS.keys()))
    granted = set()
    for name, resource in template["Resources"].items():
        for statement in walk(resource):
            if isinstance(statement, dict) and statement.get("Effect") == "Allow":
                actions = several(statement["Action"])
                granted.update(action for action in actions if action.startswith("dynamodb:"))
                if any("*" in action for action in actions) or "*" in several(statement.get("Resource", [])):
                    yield f"{name} has a right without bounds: {statement}"
        if name not in ("TickRole", "TickFunction") and {"Ref": PASSWORD} in walk(resource):
            yield f"{name} has to do with the password of the mail server, which only ticks need"
    yield from (f"{action} is granted, and never called" for action in sorted(granted - wanted))
    yield from (f"{action} is called, and not granted" for action in sorted(wanted - granted))


def about_places(template):
    """Each right on the tables and indexes that it is for, as listed here, and on no other."""
    policy = template["Resources"]["StorePolicy"]["Properties"]["PolicyDocument"]
    granted = {}
    for statement in policy["Statement"]:
        places = {named(template, place).split(":table/", 1)[-1] for place in several(statement["Resource"])}
        for action in several(statement["Action"]):
            granted.setdefault(action.removeprefix("dynamodb:"), set()).update(places)
    tables = dict(tables_of_template(template))
    indexes = {f"{name}/index/{index[0]}" for name, table in tables.items() for index in table["indexes"]}
    wanted = {
        **dict.fromkeys(["GetItem", "BatchGetItem", "PutItem", "ConditionCheckItem"], set(tables)),
        # Events stand in the order of the table's own key.
        "Query": indexes | {"charter-chats"},
        "DeleteItem": {"crewcall"},
    }
    for action in sorted(wanted.keys() | granted.keys()):
        places, meant = granted.get(action, set()), wanted.get(action, set())
        if places != meant:
            yield f"{action} is granted on {sorted(places)} and needed on {sorted(meant)}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    template = yaml.load(TEMPLATE.read_text(), Loader)
    differences = [
        *about_tables(template, sys.argv[1]),
        *about_keeping(template),
        *about_settings(template),
        *about_rights(template),
        *about_secrets(template),
        *about_places(template),
        *about_authorizer(template),
        *about_alarms(template),
    ]
    for difference in differences:
        print(difference, file=sys.stderr)
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
