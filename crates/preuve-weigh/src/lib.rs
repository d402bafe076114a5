//! Findings to assessments.
