//! The work that a stack does for the same response, as its manifest declares it: what the framework brings, how rows
//! are read and written, how HTTP is spoken. Contenders of different work are not compared as equals. Each part may be
//! left undeclared; nothing here is measured.

use serde::{Deserialize, Serialize};

/// What a framework brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// No framework: the runtime's own server. It is a reference, and a candidate only where it is named.
    Platform,
    /// Routing and what belongs to it; the rest are packages of one's choice.
    Micro,
    /// Routing, data access, validation, templates and more from one hand.
    Fullstack,
}

impl Class {
    /// Its word in manifests and documents.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Class::Platform => "platform",
            Class::Micro => "micro",
            Class::Fullstack => "fullstack",
        }
    }
}

/// How rows are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// SQL as text.
    Raw,
    /// A builder that makes SQL, and gives rows back.
    Builder,
    /// Objects that stand for rows.
    Orm,
}

impl Access {
    /// Its word in manifests and documents.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Access::Raw => "raw",
            Access::Builder => "builder",
            Access::Orm => "orm",
        }
    }
}

/// What a transaction spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transactions {
    /// A statement, unless the code opens one for several.
    Statement,
    /// A request, whose statements it brackets.
    Request,
}

/// What reads the bytes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parser {
    /// Machine code.
    Native,
    /// The language of the contender itself.
    Interpreted,
}

impl Parser {
    /// Its word in manifests and documents.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Parser::Native => "native",
            Parser::Interpreted => "interpreted",
        }
    }
}

/// Whether the server's documentation wants a proxy in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proxy {
    /// It does.
    Recommended,
    /// It leaves that open.
    Optional,
}

/// How a contender reads and writes its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// By what.
    pub access: Option<Access>,
    /// The driver that talks to the database.
    pub driver: Option<String>,
    /// What a transaction spans.
    pub transactions: Option<Transactions>,
    /// Whether statements are prepared once for a connection, and not parsed and planned each time.
    pub prepared: Option<bool>,
}

impl Data {
    /// The same, with what `base` declares where this declares nothing.
    #[must_use]
    pub fn or(&self, base: &Data) -> Data {
        Data {
            access: self.access.or(base.access),
            driver: self.driver.clone().or_else(|| base.driver.clone()),
            transactions: self.transactions.or(base.transactions),
            prepared: self.prepared.or(base.prepared),
        }
    }
}

/// How a contender speaks HTTP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// What reads the bytes of a request.
    pub parser: Option<Parser>,
    /// Whether the server's documentation wants a proxy in front of it.
    pub proxy: Option<Proxy>,
}

impl Http {
    /// The same, with what `base` declares where this declares nothing.
    #[must_use]
    pub fn or(&self, base: &Http) -> Http {
        Http {
            parser: self.parser.or(base.parser),
            proxy: self.proxy.or(base.proxy),
        }
    }
}

/// All that a manifest declares of a stack's work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Work {
    /// What the framework brings.
    pub class: Option<Class>,
    /// How it reads and writes its rows.
    pub data: Data,
    /// How it speaks HTTP.
    pub http: Http,
}
