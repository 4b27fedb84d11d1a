//! Which service and operation a signed request asks for, in each protocol that AWS speaks.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::http::Request;

/// How a request says its operation and how an error is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// A form with `Action=`, as EC2 answers it.
    Ec2Query,
    /// A form with `Action=`.
    Query,
    /// The header `X-Amz-Target`.
    Json,
    /// Smithy RPC v2 in CBOR.
    Cbor,
    /// Method, path and query.
    RestXml,
    /// Method, path and query, with bodies in JSON.
    RestJson,
}

/// What a request asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// As golive's operations name it: `cloudwatch`, where the signature says `monitoring`.
    pub service: String,
    /// The signature's region.
    pub region: String,
    /// `DescribeAlarms`, or `unknown METHOD path` where it cannot be told.
    pub operation: String,
    /// Everything else that was asked, sorted.
    pub parameters: String,
    /// Its protocol.
    pub protocol: Protocol,
}

/// The operations of S3 that are a GET of a bucket, by the query that names them.
const BUCKET_QUERIES: &[(&str, &str)] = &[
    ("acl", "GetBucketAcl"),
    ("encryption", "GetBucketEncryption"),
    ("lifecycle", "GetBucketLifecycleConfiguration"),
    ("location", "GetBucketLocation"),
    ("policy", "GetBucketPolicy"),
    ("publicAccessBlock", "GetPublicAccessBlock"),
    ("versioning", "GetBucketVersioning"),
];

/// The operations of the other services that tell them by method and path, where `*` is any one part.
const PATHS: &[(&str, Protocol, &str, &str, &str)] = &[
    ("access-analyzer", Protocol::RestJson, "GET", "/analyzer", "ListAnalyzers"),
    ("account", Protocol::RestJson, "POST", "/getAlternateContact", "GetAlternateContact"),
    ("cloudfront", Protocol::RestXml, "GET", "/2020-05-31/distribution", "ListDistributions"),
    ("elasticfilesystem", Protocol::RestJson, "GET", "/2015-02-01/file-systems", "DescribeFileSystems"),
    ("es", Protocol::RestJson, "GET", "/2021-01-01/domain", "ListDomainNames"),
    ("es", Protocol::RestJson, "POST", "/2021-01-01/opensearch/domain-info", "DescribeDomains"),
    ("guardduty", Protocol::RestJson, "GET", "/detector", "ListDetectors"),
    ("guardduty", Protocol::RestJson, "GET", "/detector/*", "GetDetector"),
    ("inspector2", Protocol::RestJson, "POST", "/status/batch/get", "BatchGetAccountStatus"),
    ("lambda", Protocol::RestJson, "GET", "/2015-03-31/functions", "ListFunctions"),
    ("route53", Protocol::RestXml, "GET", "/2013-04-01/hostedzone", "ListHostedZones"),
    ("route53", Protocol::RestXml, "GET", "/2013-04-01/hostedzone/*/rrset", "ListResourceRecordSets"),
    ("securityhub", Protocol::RestJson, "GET", "/accounts", "DescribeHub"),
];

/// The path that S3 Control, which signs as S3, has before all of its resources.
const S3_CONTROL: &str = "/v20180820/";

impl Asked {
    /// Reads a request.
    pub fn of(request: &Request) -> Self {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let (service, region) = scope(request, path);
        let unknown = format!("unknown {} {path}", request.method);
        let known = |service: &str, operation: Option<String>, protocol, parameters: String| {
            let operation = operation.unwrap_or(unknown);
            Self { service: service.to_owned(), region, operation, parameters, protocol }
        };
        if let Some((_, operation)) = path.strip_prefix("/service/").and_then(|rest| rest.split_once("/operation/")) {
            return known(
                &service,
                Some(operation.to_owned()),
                Protocol::Cbor,
                request.body.escape_ascii().to_string(),
            );
        }
        if let Some(target) = request.headers.get("x-amz-target") {
            let operation = target.rsplit('.').next().map(str::to_owned);
            return known(&service, operation, Protocol::Json, canonical_json(&request.body));
        }
        if ["s3", "s3control"].contains(&service.as_str()) {
            return known(
                &service,
                rest_operation(request, path, query),
                Protocol::RestXml,
                rest_parameters(request, path, query),
            );
        }
        if let Some((_, protocol, ..)) = PATHS.iter().find(|(of, ..)| *of == service) {
            let fits = |(of, _, method, pattern, _): &&(&str, Protocol, &str, &str, &str)| {
                *of == service && request.method == *method && is_like(path, pattern)
            };
            let operation = PATHS.iter().find(fits).map(|(.., operation)| (*operation).to_owned());
            return known(&service, operation, *protocol, rest_parameters(request, path, query));
        }
        let (action, parameters) = form(query, &request.body);
        // Both generations sign alike; their API versions tell them apart.
        let service = match service.as_str() {
            "elasticloadbalancing" if request.body.windows(10).any(|bytes| bytes == b"2015-12-01") => {
                "elasticloadbalancingv2".to_owned()
            }
            _ => service,
        };
        known(&service, action, if service == "ec2" { Protocol::Ec2Query } else { Protocol::Query }, parameters)
    }
}

/// Service and region out of `Credential=KEY/20260101/eu-west-1/ec2/aws4_request`.
fn scope(request: &Request, path: &str) -> (String, String) {
    let authorization = request.headers.get("authorization").unwrap_or_default();
    let credential = authorization.split_once("Credential=").map_or("", |(_, rest)| rest);
    let mut parts = credential.split([',', ' ']).next().unwrap_or_default().split('/').skip(2);
    let region = parts.next().unwrap_or("unsigned");
    let service = match parts.next().unwrap_or("unsigned") {
        "monitoring" => "cloudwatch",
        "s3" if path.starts_with(S3_CONTROL) => "s3control",
        service => service,
    };
    (service.to_owned(), region.to_owned())
}

/// The action of a form, and its other fields sorted.
fn form(query: &str, body: &[u8]) -> (Option<String>, String) {
    let body = String::from_utf8_lossy(body);
    let mut fields: Vec<(String, String)> = pairs(&body).chain(pairs(query)).collect();
    let action = fields.iter().find(|(name, _)| name == "Action").map(|(_, action)| action.clone());
    fields.retain(|(name, _)| name != "Action" && name != "Version");
    fields.sort();
    let fields: Vec<String> = fields.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    (action, fields.join("&"))
}

fn pairs(form: &str) -> impl Iterator<Item = (String, String)> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    form.split('&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

/// The same text for the same JSON, whatever the order of its members.
fn canonical_json(body: &[u8]) -> String {
    match serde_json::from_slice(body) {
        Ok(value) => sorted(value).to_string(),
        Err(_) => body.escape_ascii().to_string(),
    }
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(sorted).collect()),
        value => value,
    }
}

/// Whether a path has the parts of a pattern.
fn is_like(path: &str, pattern: &str) -> bool {
    let (mut parts, mut wanted) = (path.trim_end_matches('/').split('/'), pattern.split('/'));
    loop {
        match (parts.next(), wanted.next()) {
            (None, None) => return true,
            (Some(part), Some(wanted)) if wanted == "*" || part == wanted => {}
            _ => return false,
        }
    }
}

/// What S3 and S3 Control tell by path and query alone; only what golive sends.
fn rest_operation(request: &Request, path: &str, query: &str) -> Option<String> {
    if request.method != "GET" {
        return None;
    }
    if let Some(resource) = path.strip_prefix(S3_CONTROL) {
        return (resource == "configuration/publicAccessBlock").then(|| "GetPublicAccessBlock".to_owned());
    }
    if path == "/" {
        return Some("ListBuckets".to_owned());
    }
    let name = |(name, _): (String, String)| BUCKET_QUERIES.iter().find(|(query, _)| *query == name);
    pairs(query).find_map(name).map(|(_, operation)| (*operation).to_owned())
}

fn rest_parameters(request: &Request, path: &str, query: &str) -> String {
    // `x-id` repeats the operation's name for those who read logs.
    let mut fields: Vec<String> =
        query.split('&').filter(|field| !field.starts_with("x-id=")).map(str::to_owned).collect();
    fields.sort();
    format!("{path}?{}{}", fields.join("&"), request.body.escape_ascii())
}
