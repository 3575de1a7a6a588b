"""A lake in Parquet files: compaction, records of loads, damaged files."""
