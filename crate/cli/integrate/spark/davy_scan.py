"""Scans web archives on Apache Spark: one archive a task, one row a line of `davy scan`.

    spark-submit --files davy davy_scan.py [--format parquet|json] LIST OUTPUT

LIST is a text with one archive a line, by a path that every worker can open. OUTPUT is a folder that does not exist yet.
`--files davy` carries the command (`cargo xtask static` builds one that needs no library) to every worker; without it, `davy`
is looked for on their paths.

Rows have the schema davy.scan/1 (`davy schema`), and (path, offset) is their key: the path of what was judged, and where the
record begins that holds it; no offset in the archive's own row. A task that fails is run again by Spark and writes all its
rows once more; Spark's output commit lets those of one attempt in, all or none.
"""

import argparse
import json
import os
import subprocess

from pyspark import SparkFiles
from pyspark.sql import SparkSession

LOCATION = (
    "struct<kind: string, `start`: bigint, `end`: bigint, `index`: bigint, line: bigint, `column`: bigint, "
    "url: string, path: string>"
)
EVIDENCE = f"struct<rule: string, weight: string, location: {LOCATION}, because: string>"
GAP = f"struct<reason: string, location: {LOCATION}, because: string>"
SCHEMA = (
    f"schema string, path string, offset bigint, at {LOCATION}, kind string, sha256 string, bytes bigint, level string, "
    f"algorithms array<string>, evidence array<{EVIDENCE}>, gaps array<{GAP}>, complete boolean, elapsed_us bigint"
)


def lines(path):
    """The lines of one archive. Raises where the command did not come to its end, so that the task is run again."""
    carried = SparkFiles.get("davy")
    davy = carried if os.path.exists(carried) else "davy"
    # What is found is in the rows, and so is what could not be read: neither is a failure of the task.
    words = [davy, "scan", "--format", "ndjson", "--jobs", "1", "--fail-on", "never", "--allow-gaps", "--quiet", "--", path]
    last = None
    with subprocess.Popen(words, stdout=subprocess.PIPE, encoding="utf-8") as run:
        for line in run.stdout:
            if last is not None:
                yield last
            last = line
    # The last line counts; without it something is missing.
    if run.returncode != 0 or last is None or "summary" not in json.loads(last):
        raise RuntimeError(f"davy scan ended with {run.returncode} over {path}")


def main():
    """Reads the command line and runs the job."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--format", choices=["parquet", "json"], default="parquet", help="what OUTPUT holds")
    parser.add_argument("list", metavar="LIST", help="a text with one archive a line")
    parser.add_argument("output", metavar="OUTPUT", help="a folder that does not exist yet")
    options = parser.parse_args()
    builder = SparkSession.builder.appName("davy scan")
    # The commit that moves a task's files when the job ends: the other one moves them one by one as tasks end, and a worker
    # that is lost between two leaves half of them.
    builder = builder.config("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "1")
    spark = builder.getOrCreate()
    named = [line.strip() for line in spark.sparkContext.textFile(options.list).collect()]
    paths = [path for path in named if path]
    found = spark.sparkContext.parallelize(paths, max(len(paths), 1)).flatMap(lines)
    rows = spark.read.json(found, schema=SCHEMA, mode="FAILFAST")
    rows.write.format(options.format).save(options.output)
    spark.stop()


if __name__ == "__main__":
    main()
