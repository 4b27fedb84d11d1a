//! What the mocks leave out and AWS answers: put in front of them by a proxy.

use aws_smithy_types::base64;

use super::http::Response;
use super::proxy::{Fault, Match, Proxy};

/// Completes what the mocks answer.
pub fn complete(proxy: &Proxy) {
    proxy.on(Match::operation("iam", "GetCredentialReport"), Fault::Amend(with_root));
    let endpoints = "<DescribeClientVpnEndpointsResponse><clientVpnEndpoint/></DescribeClientVpnEndpointsResponse>";
    proxy.on(Match::operation("ec2", "DescribeClientVpnEndpoints"), xml(endpoints));
    // One region has an analyzer, another one two machines, of which one lacks patches.
    let analyzers = |list: &str| json(&format!(r#"{{"analyzers": [{list}]}}"#));
    proxy.on(Match::operation("access-analyzer", "ListAnalyzers"), analyzers(""));
    let analyzer = r#"{"arn": "a", "name": "external", "type": "ACCOUNT", "status": "ACTIVE", "createdAt": "2026-01-01T00:00:00Z"}"#;
    proxy.on(Match::operation("access-analyzer", "ListAnalyzers").region("eu-west-1"), analyzers(analyzer));
    // moto tells nothing of a region in which Inspector was never on.
    let off = r#"{"status": "DISABLED"}"#;
    let status = format!(
        r#"{{"accounts": [{{"accountId": "123456789012", "state": {off},
        "resourceState": {{"ec2": {off}, "ecr": {off}, "lambda": {off}}}}}]}}"#
    );
    for region in ["us-east-1", "ap-southeast-2"] {
        proxy.on(Match::operation("inspector2", "BatchGetAccountStatus").region(region), json(&status));
    }
    let machines = |list: &str| json(&format!(r#"{{"InstanceInformationList": [{list}]}}"#));
    proxy.on(Match::operation("ssm", "DescribeInstanceInformation"), machines(""));
    let machine = |id: &str| format!(r#"{{"InstanceId": "{id}", "PingStatus": "Online"}}"#);
    let both = [machine("i-0123456789abcdef0"), machine("i-0fedcba9876543210")].join(", ");
    proxy.on(Match::operation("ssm", "DescribeInstanceInformation").region("ap-southeast-2"), machines(&both));
    let looked_at = jiff::Timestamp::now().as_second() - 86_400;
    let state = |id: &str, missing: u8| {
        format!(
            r#"{{"InstanceId": "{id}", "PatchGroup": "", "BaselineId": "pb-1", "Operation": "Scan",
            "OperationStartTime": {looked_at}, "OperationEndTime": {looked_at}, "MissingCount": {missing}}}"#
        )
    };
    let states = [state("i-0123456789abcdef0", 2), state("i-0fedcba9876543210", 0)].join(", ");
    let states = format!(r#"{{"InstancePatchStates": [{states}]}}"#);
    proxy.on(Match::operation("ssm", "DescribeInstancePatchStates"), json(&states));
}

fn json(body: &str) -> Fault {
    Fault::Answer(Response::new(200, "application/x-amz-json-1.1", body))
}

fn xml(body: &str) -> Fault {
    Fault::Answer(Response::new(200, "text/xml", body))
}

/// moto's credential report has no row for root. This one was used long ago.
fn with_root(mut response: Response) -> Response {
    const ROOT: &str = "<root_account>,arn:aws:iam::123456789012:root,2020-01-01T00:00:00+00:00,not_supported,\
                        2020-01-02T00:00:00+00:00,not_supported,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,\
                        N/A,N/A,N/A,false,N/A,false,N/A\n";
    let text = String::from_utf8_lossy(&response.body).into_owned();
    let Some((before, rest)) = text.split_once("<Content>") else { return response };
    let Some((content, after)) = rest.split_once("</Content>") else { return response };
    let report = base64::decode(content.trim()).expect("base64");
    let report = String::from_utf8(report).expect("UTF-8");
    if report.contains("<root_account>") {
        return response;
    }
    let (head, users) = report.split_once('\n').expect("a head");
    let report = base64::encode(format!("{head}\n{ROOT}{users}"));
    response.body = format!("{before}<Content>{report}</Content>{after}").into_bytes();
    response
}
