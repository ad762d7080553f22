//! Findings, as an editor underlines them.

use bounden_base::{Diagnostic, Severity};
use bounden_spec::explain;
use lsp_types::{
    CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString,
    Uri,
};

use crate::Document;

impl Document {
    /// What `bounden check` finds, for the document at `uri`.
    #[must_use]
    pub fn diagnostics(&self, uri: &Uri) -> Vec<lsp_types::Diagnostic> {
        self.findings().iter().map(|found| self.diagnostic(found, uri)).collect()
    }

    pub(crate) fn diagnostic(&self, found: &Diagnostic, uri: &Uri) -> lsp_types::Diagnostic {
        let page = explain(&found.code).and_then(|page| page.address().parse().ok());
        let help = found.help.as_ref().map_or(String::new(), |help| format!("\nhelp: {help}"));
        let related = found.related.iter().map(|label| DiagnosticRelatedInformation {
            location: Location::new(uri.clone(), self.source.range(label.span)),
            message: label.message.clone(),
        });
        let related: Vec<_> = related.collect();
        lsp_types::Diagnostic {
            range: self.source.range(found.span),
            severity: Some(severity(found.severity)),
            code: Some(NumberOrString::String(found.code.clone())),
            code_description: page.map(|href| CodeDescription { href }),
            source: Some("bounden".to_owned()),
            message: format!("{}{help}", found.message),
            related_information: (!related.is_empty()).then_some(related),
            ..lsp_types::Diagnostic::default()
        }
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Note => DiagnosticSeverity::INFORMATION,
    }
}
