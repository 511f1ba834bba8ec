"""Publishing: audited marts become a numbered, immutable snapshot that readers open."""
