"""Validation: suites in JSON (`suites/`), and the runner that holds a frame against one."""
