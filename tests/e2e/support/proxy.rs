//! A proxy between the program and the mock servers: it records what is asked, and answers with faults on demand.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::answers;
use super::http::{Request, Response};
use super::request::Asked;

/// Which server answers for which service.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    default: String,
    services: Vec<(String, String)>,
}

impl Routes {
    /// Everything goes to this endpoint.
    pub fn to(endpoint: &str) -> Self {
        Self { default: authority(endpoint), services: Vec::new() }
    }

    /// One service goes to another one.
    pub fn service(mut self, name: &str, endpoint: &str) -> Self {
        self.services.push((name.to_owned(), authority(endpoint)));
        self
    }

    fn authority(&self, service: &str) -> &str {
        let own = self.services.iter().find(|(name, _)| name == service);
        own.map_or(&self.default, |(_, authority)| authority)
    }
}

fn authority(endpoint: &str) -> String {
    endpoint.trim_start_matches("http://").trim_end_matches('/').to_owned()
}

/// The requests that a fault is for: those that agree with all that is said here.
#[derive(Clone, Debug, Default)]
pub struct Match {
    service: Option<String>,
    operation: Option<String>,
    region: Option<String>,
    resource: Option<String>,
}

impl Match {
    /// Every request.
    pub fn all() -> Self {
        Self::default()
    }

    /// The requests to a service, named as golive's operations name it.
    pub fn service(name: &str) -> Self {
        Self { service: Some(name.to_owned()), ..Self::default() }
    }

    /// The requests for an operation of a service.
    pub fn operation(service: &str, name: &str) -> Self {
        Self { operation: Some(name.to_owned()), ..Self::service(service) }
    }

    /// ... in this region only.
    pub fn region(self, name: &str) -> Self {
        Self { region: Some(name.to_owned()), ..self }
    }

    /// ... with this text in the path or the parameters only: a bucket's name, a page's token.
    pub fn resource(self, text: &str) -> Self {
        Self { resource: Some(text.to_owned()), ..self }
    }

    fn is_for(&self, asked: &Asked) -> bool {
        let same = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
        same(&self.service, &asked.service)
            && same(&self.operation, &asked.operation)
            && same(&self.region, &asked.region)
            && self.resource.as_ref().is_none_or(|text| asked.parameters.contains(text))
    }
}

/// What happens to a request instead of a plain answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Access is denied, as the request's protocol says it.
    Deny,
    /// One request in so many is throttled, as its protocol says it: all of them when 1.
    Throttle { every: u64 },
    /// So many requests at once and so many a second are let through, the others throttled.
    RateLimit { burst: u32, per_second: u32 },
    /// AWS answers this error code, as the request's protocol says it.
    Error { status: u16, code: &'static str, message: &'static str },
    /// This is the answer, and no server is asked.
    Answer(Response),
    /// The answer is made of the number of the request.
    Make(fn(u64) -> Response),
    /// The server's answer comes later by so much.
    Delay(Duration),
    /// There is no answer for as long as the client waits.
    Hang,
    /// The connection is reset.
    Reset,
    /// The server's answer, made into another one: what a mock leaves out.
    Amend(fn(Response) -> Response),
    /// The server's answer ends after so many bytes of its body.
    CutBody(usize),
}

impl Fault {
    /// Whether a client does right to ask again.
    fn invites_another_try(&self) -> bool {
        match self {
            Self::Throttle { .. } | Self::RateLimit { .. } | Self::Hang | Self::Reset | Self::CutBody(_) => true,
            Self::Answer(response) => response.status == 429,
            Self::Deny | Self::Error { .. } | Self::Make(_) | Self::Delay(_) | Self::Amend(_) => false,
        }
    }
}

/// A request that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// As golive's operations name it: `cloudwatch`, where the signature says `monitoring`.
    pub service: String,
    /// The region that it was signed for.
    pub region: String,
    /// `DescribeAlarms`, or `unknown METHOD path`.
    pub operation: String,
    /// Everything else that it asked, sorted.
    pub parameters: String,
    /// The status of the answer; none where it had none, or has none yet.
    pub status: Option<u16>,
    retry_is_due: bool,
}

impl Seen {
    fn is_like(&self, other: &Self) -> bool {
        let key = |seen: &Self| [&seen.service, &seen.region, &seen.operation, &seen.parameters].map(String::clone);
        key(self) == key(other)
    }

    fn invites_another_try(&self) -> bool {
        self.retry_is_due || self.status.is_some_and(|status| status >= 500)
    }
}

/// The proxy, at an address of its own until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Starts one in front of the servers.
    pub fn start(routes: Routes) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let shared = Arc::new(Shared { routes, ..Shared::default() });
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Self { address, shared, acceptor: Some(acceptor) }
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on, these requests meet this fault. Where several faults could strike, the last one set does.
    pub fn on(&self, requests: Match, fault: Fault) {
        lock(&self.shared.faults).push(Trap { requests, fault, met: 0, since: Instant::now() });
    }

    /// Takes all faults away.
    pub fn heal(&self) {
        lock(&self.shared.faults).clear();
    }

    /// The requests that came, in their order.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).values().cloned().collect()
    }

    /// The requests that came more than once, but for those whose answer made another try right: a throttle, a
    /// server error, a broken answer.
    pub fn repeated(&self) -> Vec<Seen> {
        let mut firsts: Vec<Seen> = Vec::new();
        let mut repeated: Vec<Seen> = Vec::new();
        for seen in self.seen().into_iter().filter(|seen| !seen.invites_another_try()) {
            if !firsts.iter().any(|first| first.is_like(&seen)) {
                firsts.push(seen);
            } else if !repeated.iter().any(|other| other.is_like(&seen)) {
                repeated.push(seen);
            }
        }
        repeated
    }

    /// Forgets the requests that came.
    pub fn clear(&self) {
        lock(&self.shared.seen).clear();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        // Wakes the acceptor, which waits for a connection.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
        for connection in lock(&self.shared.connections).values() {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

/// A fault that is set.
#[derive(Debug)]
struct Trap {
    requests: Match,
    fault: Fault,
    met: u64,
    since: Instant,
}

impl Trap {
    fn strikes(&mut self, asked: &Asked) -> bool {
        if !self.requests.is_for(asked) {
            return false;
        }
        self.met += 1;
        match self.fault {
            Fault::Throttle { every } => self.met.is_multiple_of(every),
            // Those that are throttled do not count against the limit.
            Fault::RateLimit { burst, per_second } => {
                let allowed = f64::from(burst) + f64::from(per_second) * self.since.elapsed().as_secs_f64();
                let strikes = self.met as f64 > allowed;
                self.met -= u64::from(strikes);
                strikes
            }
            _ => true,
        }
    }
}

/// What the connections' threads have in common.
#[derive(Debug, Default)]
struct Shared {
    routes: Routes,
    faults: Mutex<Vec<Trap>>,
    seen: Mutex<BTreeMap<u64, Seen>>,
    connections: Mutex<BTreeMap<u64, TcpStream>>,
    serials: AtomicU64,
    stopped: AtomicBool,
}

impl Shared {
    fn serial(&self) -> u64 {
        self.serials.fetch_add(1, Ordering::Relaxed)
    }

    fn fault_for(&self, asked: &Asked) -> Option<Fault> {
        lock(&self.faults).iter_mut().rev().find_map(|trap| trap.strikes(asked).then(|| trap.fault.clone()))
    }

    fn arrived(&self, asked: &Asked, fault: Option<&Fault>) -> u64 {
        let Asked { service, region, operation, parameters, .. } = asked.clone();
        let retry_is_due = fault.is_some_and(Fault::invites_another_try);
        let serial = self.serial();
        lock(&self.seen).insert(serial, Seen { service, region, operation, parameters, status: None, retry_is_due });
        serial
    }

    fn answered(&self, serial: u64, status: u16) {
        if let Some(seen) = lock(&self.seen).get_mut(&serial) {
            seen.status = Some(status);
        }
    }

    fn forward(&self, asked: &Asked, request: &Request) -> Response {
        let failed = |error: io::Error| Response::new(502, "text/plain", format!("the proxy got no answer: {error}"));
        request.forward(self.routes.authority(&asked.service)).unwrap_or_else(failed)
    }

    /// Answers the requests of a connection until either side closes it.
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        while let Some(request) = Request::read(&mut reader)? {
            if !self.answer(&request, reader.get_mut())? {
                break;
            }
        }
        Ok(())
    }

    /// Answers a request; false when the connection ends with it.
    fn answer(&self, request: &Request, stream: &mut TcpStream) -> io::Result<bool> {
        let asked = Asked::of(request);
        let fault = self.fault_for(&asked);
        let serial = self.arrived(&asked, fault.as_ref());
        let mut kept = None;
        let response = match fault {
            Some(Fault::Deny) => answers::denied(&asked),
            Some(Fault::Throttle { .. } | Fault::RateLimit { .. }) => answers::throttled(&asked),
            Some(Fault::Error { status, code, message }) => answers::error(&asked, status, code, message),
            Some(Fault::Make(make)) => make(serial),
            Some(Fault::Answer(response)) => response,
            Some(Fault::Hang) => return io::copy(stream, &mut io::sink()).map(|_| false),
            // A close that does not linger is a reset.
            Some(Fault::Reset) => return SockRef::from(&*stream).set_linger(Some(Duration::ZERO)).map(|()| false),
            Some(Fault::Delay(time)) => {
                thread::sleep(time);
                self.forward(&asked, request)
            }
            Some(Fault::Amend(amend)) => amend(self.forward(&asked, request)),
            Some(Fault::CutBody(length)) => {
                kept = Some(length);
                self.forward(&asked, request)
            }
            None => self.forward(&asked, request),
        };
        self.answered(serial, response.status);
        let mut bytes = response.to_bytes(&request.method);
        if let Some(kept) = kept {
            bytes.truncate(bytes.len() - response.body.len().saturating_sub(kept));
        }
        stream.write_all(&bytes)?;
        Ok(kept.is_none())
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::Relaxed) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let Ok(handle) = stream.try_clone() else { continue };
        let serial = shared.serial();
        lock(&shared.connections).insert(serial, handle);
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            // A client that breaks off is none of the proxy's concern.
            let _ = shared.serve(&stream);
            drop(stream);
            lock(&shared.connections).remove(&serial);
        });
    }
}

/// What is locked here stays whole, whichever thread panics.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
