//! How AWS refuses and throttles in each of its protocols.

use golive_checks::{Operation, operations};
use serde_json::{Value, json};

use super::http::Response;
use super::request::{Asked, Protocol};

/// An `AccessDenied` that names the caller and the action, as AWS's do.
pub fn denied(asked: &Asked) -> Response {
    let code = match asked.protocol {
        Protocol::Ec2Query => "UnauthorizedOperation",
        Protocol::Query if asked.service == "sns" => "AuthorizationError",
        Protocol::Query | Protocol::RestXml => "AccessDenied",
        Protocol::Json | Protocol::RestJson | Protocol::Cbor => "AccessDeniedException",
    };
    let caller = "arn:aws:iam::123456789012:user/tester";
    error(asked, 403, code, &format!("User: {caller} is not authorized to perform: {}", action(asked)))
}

/// The answer to one who asks too often.
pub fn throttled(asked: &Asked) -> Response {
    let (status, code) = match asked.protocol {
        Protocol::Ec2Query => (503, "RequestLimitExceeded"),
        Protocol::Query => (400, "Throttling"),
        Protocol::RestXml => (503, "SlowDown"),
        Protocol::Json | Protocol::RestJson | Protocol::Cbor => (400, "ThrottlingException"),
    };
    error(asked, status, code, "Rate exceeded")
}

/// The IAM action behind an operation.
fn action(asked: &Asked) -> String {
    let same = |operation: &&Operation| operation.service == asked.service && operation.name == asked.operation;
    let action = operations::ALL.iter().find(same).map(|operation| operation.permission.to_owned());
    action.unwrap_or_else(|| format!("{}:{}", asked.service, asked.operation))
}

/// An error of this code, as the request's protocol says it.
pub fn error(asked: &Asked, status: u16, code: &str, message: &str) -> Response {
    let id = "00000000-0000-0000-0000-000000000000";
    match asked.protocol {
        Protocol::Ec2Query => {
            let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
            xml(status, &format!("<Response><Errors>{error}</Errors><RequestID>{id}</RequestID></Response>"))
        }
        Protocol::Query => {
            let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>");
            xml(status, &format!("<ErrorResponse>{error}<RequestId>{id}</RequestId></ErrorResponse>"))
        }
        // All but S3 wrap as the query services do.
        Protocol::RestXml if asked.service != "s3" => {
            let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
            xml(status, &format!("<ErrorResponse>{error}<RequestId>{id}</RequestId></ErrorResponse>"))
        }
        Protocol::RestXml => {
            let about = format!("<Code>{code}</Code><Message>{message}</Message><RequestId>{id}</RequestId>");
            xml(status, &format!("<Error>{about}</Error>"))
        }
        Protocol::Json => {
            let body = json!({ "__type": code, "message": message }).to_string();
            Response::new(status, "application/x-amz-json-1.1", body)
        }
        Protocol::RestJson => {
            let body = json!({ "message": message }).to_string();
            let mut response = Response::new(status, "application/json", body);
            response.headers.push("x-amzn-errortype", code);
            response
        }
        Protocol::Cbor => {
            let body = cbor(&json!({ "__type": code, "message": message }));
            let mut response = Response::new(status, "application/cbor", body);
            response.headers.push("smithy-protocol", "rpc-v2-cbor");
            response
        }
    }
}

fn xml(status: u16, body: &str) -> Response {
    Response::new(status, "text/xml", format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}"))
}

/// JSON's values in CBOR: RFC 8949.
pub fn cbor(value: &Value) -> Vec<u8> {
    match value {
        Value::Null => vec![0xf6],
        Value::Bool(truth) => vec![0xf4 + u8::from(*truth)],
        Value::Number(number) => [vec![0xfb], number.as_f64().unwrap_or_default().to_be_bytes().to_vec()].concat(),
        Value::String(text) => [cbor_head(3, text.len()), text.clone().into_bytes()].concat(),
        Value::Array(values) => cbor_head(4, values.len()).into_iter().chain(values.iter().flat_map(cbor)).collect(),
        Value::Object(members) => {
            let texts = members.iter().flat_map(|(name, value)| [cbor(&name.as_str().into()), cbor(value)].concat());
            cbor_head(5, members.len()).into_iter().chain(texts).collect()
        }
    }
}

fn cbor_head(major: u8, length: usize) -> Vec<u8> {
    let major = major << 5;
    let length = u16::try_from(length).expect("the text is short");
    match length {
        0..24 => vec![major | length.to_le_bytes()[0]],
        _ => [vec![major | 25], length.to_be_bytes().to_vec()].concat(),
    }
}
