//! A contender's own validation in a browser: the lab sends request bodies to the running contender, gives the same
//! ones to the contender's module on a page in a headless Chromium, and times how long the page needs for its first
//! result. Everything comes from the loopback address. It does not judge, and no trial runs meanwhile.

mod bodies;
mod check;
mod chromium;
mod edges;
mod kept;
mod outcome;
mod serve;
mod site;
mod subject;
mod visit;

pub use check::VISITS as BROWSER_VISITS;
pub use chromium::Chromium;
pub(crate) use chromium::WAY_OUT as CHROMIUM_WAY_OUT;
pub use kept::known as known_browser;
pub use outcome::{BrowserAnswer, BrowserDifference, BrowserOutcome, SentPart};
pub use subject::BrowserSubject;
