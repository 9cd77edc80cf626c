//! A response as the kinds judge it: status, headers, body. It judges no kind itself.

use super::unmet::{Asked, Unmet};
use bakeoff_load::wire::{Head, ResponseHandler};
use jiff::civil::DateTime;
use serde_json::Value;

/// A complete response.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Whether the server keeps the connection, by the headers.
    pub(super) keeps_alive: bool,
}

impl ResponseHandler for Answer {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.status = head.status;
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        self.headers = head
            .headers
            .iter()
            .map(|header| (header.name.to_owned(), text(header.value)))
            .collect();
    }

    fn body(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
    }
}

impl Answer {
    /// The value of the first header of this name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.lines(name).next()
    }

    /// The members of a list that may go over several lines.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        self.lines(name)
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .filter(|member| !member.is_empty())
            .collect()
    }

    fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let of_name = move |(other, _): &&(String, String)| other.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .filter(of_name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null when it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// That the status is one of these.
    ///
    /// # Errors
    /// What came instead.
    pub(super) fn among(&self, statuses: &[u16]) -> Asked {
        if statuses.contains(&self.status) {
            Ok(())
        } else {
            Err(Unmet::Wrong(self.status.to_string()))
        }
    }

    /// That the request is refused as the client's mistake.
    ///
    /// # Errors
    /// What came instead.
    pub(super) fn is_refusal(&self) -> Asked {
        if (400..500).contains(&self.status) {
            Ok(())
        } else {
            Err(Unmet::Wrong(self.status.to_string()))
        }
    }
}

/// Whether a text is a date in the only form that a server may send [RFC 9110, 5.6.7: IMF-fixdate].
pub(super) fn is_imf_fixdate(text: &str) -> bool {
    const FORM: &str = "%a, %d %b %Y %H:%M:%S GMT";
    // The reader is lenient about case and zeros; what it read, written again, is not.
    DateTime::strptime(FORM, text).is_ok_and(|date| date.strftime(FORM).to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::{Answer, Unmet, is_imf_fixdate};

    #[test]
    fn headers_are_found_in_any_case_and_lists_go_over_lines() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let answer = Answer {
            status: 405,
            headers: vec![pair("allow", "GET, HEAD,"), pair("Allow", "POST")],
            body: b"{\"n\": 1}".to_vec(),
            keeps_alive: true,
        };
        assert_eq!(answer.header("ALLOW"), Some("GET, HEAD,"));
        assert_eq!(answer.list("Allow"), ["GET", "HEAD", "POST"]);
        assert_eq!(answer.header("date"), None);
        assert_eq!(answer.json()["n"], 1);
        assert_eq!(answer.among(&[400, 405]), Ok(()));
        assert_eq!(answer.among(&[200]), Err(Unmet::wrong("405")));
        assert_eq!(answer.is_refusal(), Ok(()));
        let failed = Answer {
            status: 500,
            ..Answer::default()
        };
        assert_eq!(failed.is_refusal(), Err(Unmet::wrong("500")));
        assert!(failed.json().is_null());
    }

    #[test]
    fn only_the_fixed_form_of_a_date_is_one() {
        assert!(is_imf_fixdate("Sun, 06 Nov 1994 08:49:37 GMT"));
        let others = [
            "",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "sun, 06 nov 1994 08:49:37 GMT",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 +0000",
        ];
        for text in others {
            assert!(!is_imf_fixdate(text), "{text}");
        }
    }
}
