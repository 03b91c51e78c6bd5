//! session_log
