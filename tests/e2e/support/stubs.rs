//! What the mocks leave out and AWS answers: put in front of them by a proxy.

use aws_smithy_types::base64;

use super::http::Response;
use super::proxy::{Fault, Match, Proxy};

/// Completes what the mocks answer.
pub fn complete(proxy: &Proxy) {
    proxy.on(Match::operation("iam", "GetCredentialReport"), Fault::Amend(with_root));
    let endpoints = "<DescribeClientVpnEndpointsResponse><clientVpnEndpoint/></DescribeClientVpnEndpointsResponse>";
    proxy.on(Match::operation("ec2", "DescribeClientVpnEndpoints"), xml(endpoints));
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
