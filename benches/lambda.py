"""What people run today: a handler that imports boto3 and the Google client, and makes its clients once.

Asks the runtime API of AWS Lambda for events as the runtime of Python does, and answers each with a page.
"""

import http.client
import json
import os

import boto3
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

credentials = Credentials(token="none")
dynamodb = boto3.client("dynamodb")
secrets = boto3.client("secretsmanager")
sheets = build("sheets", "v4", credentials=credentials, static_discovery=True)
gmail = build("gmail", "v1", credentials=credentials, static_discovery=True)


def handler(event):
    return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "live\n"}


def main():
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        api.request("GET", "/2018-06-01/runtime/invocation/next")
        answer = api.getresponse()
        event, number = json.loads(answer.read()), answer.headers["lambda-runtime-aws-request-id"]
        body = json.dumps(handler(event))
        api.request("POST", f"/2018-06-01/runtime/invocation/{number}/response", body)
        api.getresponse().read()


main()
