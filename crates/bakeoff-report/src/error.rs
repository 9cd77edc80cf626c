//! Why a document cannot be made. A document is made from data that the program made, so both cases are faults of this
//! program and not of its user.

/// The reason.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template failed.
    #[error("cannot render a template: {0}")]
    Template(#[from] askama::Error),
    /// A value has no form in JSON.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A row does not fit the table.
    #[error("cannot write CSV: {0}")]
    Csv(#[from] csv::Error),
    /// The last rows of a table could not be written out.
    #[error("cannot write CSV: {0}")]
    Write(#[from] std::io::Error),
}
