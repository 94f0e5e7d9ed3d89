"""The time-lapse: embedded mail servers, clients who answer, a clock that runs fast."""
