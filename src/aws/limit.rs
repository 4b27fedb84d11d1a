//! How fast one service in one region is asked: as fast as it answers, until it says that this is too fast.
//!
//! Two things are limited. The *window* is how many requests are under way: it starts small, grows with each
//! answer and is halved by a throttle. The *gap* is the time from one request to the next: there is none until
//! the first throttle, which starts it at what the last answers took; each further throttle makes it longer and
//! each answer a little shorter, so that it swings about the rate that the service allows. A token bucket such
//! as EC2's (100 at once, then 20 a second: "Request throttling for the Amazon EC2 API") is used up at once and
//! then followed.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{self, Instant};

/// Requests under way at first.
const FIRST_WINDOW: usize = 16;
/// What a throttle makes of the gap, and an answer.
const SLOWER: f64 = 1.5;
const FASTER: f64 = 0.99;
const SHORTEST_GAP: Duration = Duration::from_millis(1);
const LONGEST_GAP: Duration = Duration::from_secs(2);
/// What the rate at the first throttle is taken from.
const RECENT: Duration = Duration::from_secs(1);
const LATENESS: Duration = Duration::from_millis(2);

/// The most that a user allows, for each service and region.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Requests under way at a time.
    pub concurrency: usize,
    /// Requests a second.
    pub rate: Option<f64>,
}

/// The limit of one service in one region.
#[derive(Debug)]
pub struct Limit {
    /// First come, first served: who holds it is the next to send.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
    freed: Notify,
}

impl Limit {
    pub fn new(pace: Pace) -> Self {
        let state = Mutex::new(State::new(pace, Instant::now()));
        Self { turn: tokio::sync::Mutex::default(), state, freed: Notify::new() }
    }

    /// Waits until a request may be sent.
    pub async fn admit(&self) -> Permit<'_> {
        let _turn = self.turn.lock().await;
        loop {
            let admission = self.state().admit(Instant::now());
            match admission {
                Admission::Now(sent_at) => return Permit { limit: self, sent_at },
                Admission::At(time) => time::sleep_until(time).await,
                Admission::Full => self.freed.notified().await,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leave to send one request; it ends when it is dropped.
#[derive(Debug)]
pub struct Permit<'a> {
    limit: &'a Limit,
    sent_at: Instant,
}

impl Permit<'_> {
    /// The service answered.
    pub fn answered(&self) {
        self.limit.state().answered(Instant::now());
    }

    /// The service said that it is asked too often.
    pub fn throttled(&self) {
        self.limit.state().throttled(self.sent_at, Instant::now());
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.limit.state().under_way -= 1;
        self.limit.freed.notify_one();
    }
}

/// Whether a request may be sent.
#[derive(Clone, Copy, Debug)]
enum Admission {
    /// It may, and counts as sent at this time.
    Now(Instant),
    /// It may not before this time.
    At(Instant),
    /// It has to wait for an answer to another.
    Full,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    under_way: usize,
    window: usize,
    gap: Duration,
    /// When the next request may be sent.
    next: Instant,
    /// When the gap was last made longer. Requests sent before tell nothing of the new one.
    slowed_at: Option<Instant>,
    /// Answers of late: since when, and how many.
    recent: (Instant, u32),
}

impl State {
    fn new(pace: Pace, now: Instant) -> Self {
        let window = FIRST_WINDOW.min(pace.concurrency);
        let mut state =
            Self { pace, under_way: 0, window, gap: Duration::ZERO, next: now, slowed_at: None, recent: (now, 0) };
        state.gap = state.shortest_gap();
        state
    }

    fn shortest_gap(&self) -> Duration {
        self.pace.rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate))
    }

    fn admit(&mut self, now: Instant) -> Admission {
        if self.under_way >= self.window {
            return Admission::Full;
        }
        if now < self.next {
            return Admission::At(self.next);
        }
        self.under_way += 1;
        // Timers are late by a millisecond or two, which short gaps make up for.
        self.next = self.next.max(now - LATENESS) + self.gap;
        Admission::Now(now)
    }

    fn answered(&mut self, now: Instant) {
        if now - self.recent.0 > RECENT {
            self.recent = (now, 0);
        }
        self.recent.1 += 1;
        self.window = (self.window + 1).min(self.pace.concurrency);
        let gap = self.gap.mul_f64(FASTER);
        self.gap = if gap < SHORTEST_GAP { Duration::ZERO } else { gap }.max(self.shortest_gap());
    }

    fn throttled(&mut self, sent_at: Instant, now: Instant) {
        if self.slowed_at.is_some_and(|slowed| sent_at <= slowed) {
            return;
        }
        self.slowed_at = Some(now);
        self.window = (self.window / 2).max(1);
        let measured = (now - self.recent.0) / self.recent.1.max(1);
        let from = if self.gap < SHORTEST_GAP { measured } else { self.gap };
        self.gap = from.mul_f64(SLOWER).clamp(SHORTEST_GAP, LONGEST_GAP).max(self.shortest_gap());
        self.next = now + self.gap;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    const FREE: Pace = Pace { concurrency: 100, rate: None };

    /// What asking a service took that has a token bucket.
    struct Asking {
        took: Duration,
        throttled: usize,
        most_under_way: usize,
    }

    /// Asks so many times, each answered after `delay`, in time that only the test moves.
    fn ask(pace: Pace, requests: usize, delay: Duration, burst: f64, per_second: f64) -> Asking {
        let begin = Instant::now();
        let mut state = State::new(pace, begin);
        let (mut now, mut tokens, mut filled_at) = (begin, burst, begin);
        let mut waiting = requests;
        let mut under_way: VecDeque<(Instant, Instant)> = VecDeque::new();
        let mut asking = Asking { took: Duration::ZERO, throttled: 0, most_under_way: 0 };
        while waiting > 0 || !under_way.is_empty() {
            let admission = if waiting > 0 { state.admit(now) } else { Admission::Full };
            let due = under_way.front().map(|(answer_at, _)| *answer_at);
            match admission {
                Admission::Now(sent_at) => {
                    waiting -= 1;
                    under_way.push_back((sent_at + delay, sent_at));
                    asking.most_under_way = asking.most_under_way.max(under_way.len());
                    continue;
                }
                Admission::At(time) if due.is_none_or(|due| time < due) => {
                    now = time;
                    continue;
                }
                Admission::At(_) | Admission::Full => {}
            }
            let (answer_at, sent_at) = under_way.pop_front().expect("something is under way");
            now = answer_at;
            state.under_way -= 1;
            tokens = (tokens + (now - filled_at).as_secs_f64() * per_second).min(burst);
            filled_at = now;
            if tokens >= 1.0 {
                tokens -= 1.0;
                state.answered(now);
            } else {
                asking.throttled += 1;
                state.throttled(sent_at, now);
                waiting += 1;
            }
        }
        asking.took = now - begin;
        asking
    }

    #[test]
    fn a_token_bucket_is_followed_closely() {
        for delay in [1, 50, 200] {
            for (burst, per_second, requests) in [(100.0, 20.0, 500), (10.0, 10.0, 300), (300.0, 300.0, 15_000)] {
                let delay = Duration::from_millis(delay);
                let asking = ask(FREE, requests, delay, burst, per_second);
                let floor = (requests as f64 - burst) / per_second;
                let ratio = asking.took.as_secs_f64() / floor;
                let share = asking.throttled as f64 / requests as f64;
                assert!(ratio < 1.1, "{delay:?} {burst}+{per_second}/s: {ratio:.2} of the floor");
                assert!(share < 0.4, "{delay:?} {burst}+{per_second}/s: {share:.2} throttled");
            }
        }
    }

    #[test]
    fn nothing_slows_what_is_never_throttled() {
        let asking = ask(FREE, 10_000, Duration::from_millis(50), 1e9, 1e9);
        // 100 at a time are 100 rounds; the window needs a few to get there.
        assert!(asking.took < Duration::from_millis(50 * 106), "{:?}", asking.took);
        assert_eq!(asking.most_under_way, 100);
    }

    #[test]
    fn what_the_user_allows_is_kept() {
        let pace = Pace { concurrency: 3, rate: Some(10.0) };
        let asking = ask(pace, 100, Duration::from_millis(50), 1e9, 1e9);
        assert!(asking.took >= Duration::from_millis(9_900), "{:?}", asking.took);
        let asking = ask(Pace { rate: None, ..pace }, 100, Duration::from_millis(50), 1e9, 1e9);
        assert_eq!(asking.most_under_way, 3);
    }

    #[test]
    fn one_throttled_burst_slows_once() {
        let begin = Instant::now();
        let mut state = State::new(FREE, begin);
        let now = begin + Duration::from_millis(50);
        for _ in 0..50 {
            state.answered(now);
        }
        state.throttled(begin, now);
        let gap = state.gap;
        state.throttled(begin, now);
        assert_eq!(state.gap, gap, "both were sent before the gap was there");
        state.throttled(now + gap, now + gap);
        assert!(state.gap > gap);
    }
}
