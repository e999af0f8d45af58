//! What must not leave: path rules, secret detectors and masks.
