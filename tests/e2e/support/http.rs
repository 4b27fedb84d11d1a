//! As much of HTTP/1.1 as stands between an AWS SDK and a mock server, on blocking sockets.
//!
//! Not hyper: its server feature would be on for the tests only, so that cargo built the whole AWS SDK twice.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;

/// What concerns one connection only and is not passed on; the length is written anew.
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The headers of a message, in their order.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The value of the first header of this name, in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Puts a header after the others.
    pub fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    fn read(reader: &mut impl BufRead) -> Result<Self> {
        let mut headers = Self::default();
        loop {
            let line = read_line(reader)?;
            if line.is_empty() {
                return Ok(headers);
            }
            let (name, value) = line.split_once(':').ok_or_else(|| malformed("a header has no colon"))?;
            headers.push(name, value.trim());
        }
    }

    fn write_end_to_end(&self, head: &mut String) {
        for (name, value) in &self.0 {
            if !HOP_BY_HOP.contains(&name.to_ascii_lowercase().as_str()) {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
    }

    fn length(&self) -> Result<Option<usize>> {
        let parse = |text: &str| text.parse().map_err(|_| malformed("the content length is not a number"));
        self.get("content-length").map(parse).transpose()
    }

    fn is_chunked(&self) -> bool {
        self.get("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
    }
}

/// A request, read to its end.
#[derive(Clone, Debug)]
pub struct Request {
    /// `POST`
    pub method: String,
    /// Path and query: `/bucket?acl`
    pub target: String,
    /// All headers as they came.
    pub headers: Headers,
    /// The body, no more in chunks.
    pub body: Vec<u8>,
}

impl Request {
    /// The next request of a connection; none when the client has no more.
    pub fn read(reader: &mut BufReader<TcpStream>) -> Result<Option<Self>> {
        if reader.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let line = read_line(reader)?;
        let mut words = line.split(' ');
        let (Some(method), Some(target)) = (words.next(), words.next()) else {
            return Err(malformed("the request line is not one"));
        };
        let headers = Headers::read(reader)?;
        if headers.get("expect").is_some() {
            reader.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        let body = if headers.is_chunked() { read_chunks(reader)? } else { read_exactly(reader, headers.length()?)? };
        Ok(Some(Self { method: method.to_owned(), target: target.to_owned(), headers, body }))
    }

    /// Asks the server at `host:port`, over a connection of its own.
    pub fn forward(&self, authority: &str) -> Result<Response> {
        let mut stream = TcpStream::connect(authority)?;
        let mut head =
            format!("{} {} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n", self.method, self.target);
        self.headers.write_end_to_end(&mut head);
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        stream.write_all(&[head.as_bytes(), &self.body].concat())?;
        Response::read(&mut BufReader::new(stream), &self.method)
    }
}

/// A response, read to its end.
#[derive(Clone, Debug)]
pub struct Response {
    /// `200`
    pub status: u16,
    /// All headers as they came.
    pub headers: Headers,
    /// The body, no more in chunks.
    pub body: Vec<u8>,
}

impl Response {
    /// One that says what it is.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut headers = Headers::default();
        headers.push("Content-Type", content_type);
        Self { status, headers, body: body.into() }
    }

    fn read(reader: &mut BufReader<TcpStream>, method: &str) -> Result<Self> {
        let line = read_line(reader)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| malformed("the status line is not one"))?;
        let headers = Headers::read(reader)?;
        let mut body = Vec::new();
        if headers.is_chunked() {
            body = read_chunks(reader)?;
        } else if method == "HEAD" || status == 204 || status == 304 {
            // Has no body, whatever length it speaks of.
        } else if let Some(length) = headers.length()? {
            body = read_exactly(reader, Some(length))?;
        } else {
            reader.read_to_end(&mut body)?;
        }
        Ok(Self { status, headers, body })
    }

    /// The bytes that answer a request of this method.
    pub fn to_bytes(&self, method: &str) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} \r\n", self.status);
        self.headers.write_end_to_end(&mut head);
        if method == "HEAD" {
            let length = self.headers.get("content-length").unwrap_or("0");
            return format!("{head}Content-Length: {length}\r\n\r\n").into_bytes();
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        [head.as_bytes(), &self.body].concat()
    }
}

fn read_line(reader: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn read_exactly(reader: &mut impl Read, length: Option<usize>) -> Result<Vec<u8>> {
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok(body)
}

fn read_chunks(reader: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(reader)?;
        let digits = line.split(';').next().unwrap_or_default().trim();
        let length = usize::from_str_radix(digits, 16).map_err(|_| malformed("the chunk's length is not a number"))?;
        if length == 0 {
            Headers::read(reader)?; // trailers, which AWS's own bodies do not need
            return Ok(body);
        }
        body.extend(read_exactly(reader, Some(length))?);
        read_line(reader)?;
    }
}

fn malformed(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}
