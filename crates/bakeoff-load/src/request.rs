//! One kind of request of a mix: a template with variables that are drawn anew for each request. Drawing and
//! rendering are in [`crate::draw`] and [`crate::template`]; nothing is sent here.

use crate::body::Body;
use crate::expect::Expect;

/// One kind of request, its share of the mix, and what its answers are held to.
///
/// In `path`, header values and texts of `body`, a text in braces such as `{id}` is replaced when `id` is one of
/// `variables`, and is left alone otherwise, so JSON needs no escapes.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestSpec {
    /// What reports call it.
    pub label: String,
    /// Its share of the mix, relative to the other weights.
    pub weight: f64,
    /// The method, in capitals.
    pub method: String,
    /// The request target, a template that starts with `/`.
    pub path: String,
    /// Header names and their values, which are templates. `Host` and `Content-Length` are added.
    pub headers: Vec<(String, String)>,
    /// What it carries, if anything.
    pub body: Option<Body>,
    /// The variables of the templates, in any order: a derived one may stand before what it derives from.
    pub variables: Vec<(String, Variable)>,
    /// What every answer is held to, and what a sampled one is held to besides.
    pub expect: Expect,
}

/// How a variable gets its value for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// A whole number from `low` to `high`, both included, each as likely.
    Int {
        /// The smallest value.
        low: i64,
        /// The largest value.
        high: i64,
    },
    /// One of the texts, each as likely.
    Choice(Vec<String>),
    /// `of × times % modulo + plus`, with the remainder never negative.
    Linear {
        /// The variable that it derives from, a number.
        of: String,
        /// The factor.
        times: i64,
        /// The modulus, above 0.
        modulo: i64,
        /// What is added.
        plus: i64,
    },
    /// The sum of other variables, all numbers.
    Sum(Vec<String>),
    /// The entry of `from` at the index `of % length`.
    Pick {
        /// The variable that it derives from, a number.
        of: String,
        /// The texts to pick from.
        from: Vec<String>,
    },
}

impl RequestSpec {
    /// A `GET` of `path` with weight 1 that any answer of the 200s satisfies.
    pub fn get(path: &str) -> Self {
        Self {
            label: path.to_owned(),
            weight: 1.0,
            method: "GET".to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
            variables: Vec::new(),
            expect: Expect::default(),
        }
    }
}
