"""The Spark job in clusters of one machine: the same rows from one and three workers, and from three of which one is killed.

DAVY_COMMAND names the command. Run by `cargo xtask test --all`, with the Python of the environment that PySpark is in.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))
JOB = os.path.join(HERE, "../../crate/cli/integrate/spark/davy_scan.py")
COMMAND = os.environ["DAVY_COMMAND"]
ARCHIVES = 9
RECORDS = 40


def record(url, media, body):
    """One response, packed on its own."""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n\r\n{body}".encode()
    head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http;msgtype=response\r\n"
    return gzip.compress(head.encode() + f"Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n", mtime=0)


def archive(number):
    """Pages and scripts, some of one address; a pool in one archive, a broken record in another."""
    records = [
        record(f"https://e.example/{number}/{index % 30}.js", "text/javascript", f"export const a = {index};")
        for index in range(RECORDS)
    ]
    if number == 4:
        records.insert(7, record("https://e.example/m.js", "text/javascript", "new WebSocket('wss://ws001.coinhive.com/proxy')"))
    if number == 6:
        records[9] = records[9][:60] + bytes(40) + records[9][100:]
    return b"".join(records)


class Spark(unittest.TestCase):
    """Each run is compared with what the command itself says."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        paths = []
        for number in range(ARCHIVES):
            paths.append(os.path.join(cls.folder, f"{number}.warc.gz"))
            with open(paths[-1], "wb") as file:
                file.write(archive(number))
        cls.list = os.path.join(cls.folder, "list.txt")
        with open(cls.list, "w", encoding="utf-8") as file:
            file.write("\n".join(paths) + "\n")
        words = [COMMAND, "scan", "--format", "ndjson", "--fail-on", "never", "--allow-gaps", *paths]
        lines = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout.splitlines()[:-1]
        cls.direct = sorted(cls.key(json.loads(line)) for line in lines)
        cls.spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()
        shutil.rmtree(cls.folder)

    @staticmethod
    def key(row):
        """All of a row that is the same in every run, its key first."""
        rules = ",".join(evidence["rule"] for evidence in row["evidence"])
        gaps = ",".join(gap["reason"] for gap in row["gaps"])
        offset = row.get("offset")
        same = [row["kind"], row["sha256"] or "", row["bytes"], row["level"], rules, gaps, row["complete"]]
        return (row["path"], -1 if offset is None else offset, *same)

    def run_job(self, workers, form, davy=COMMAND, env=None):
        """Runs the job on a cluster of so many workers; gives the rows and what was logged."""
        output = os.path.join(self.folder, self.id())
        carried = os.path.join(self.folder, f"{self.id()}-command", "davy")
        os.makedirs(os.path.dirname(carried))
        shutil.copy(davy, carried)
        given = {"spark.executor.memory": "512m", "spark.ui.enabled": "false"}
        given |= {f"spark.executorEnv.{name}": value for name, value in (env or {}).items()}
        settings = [word for name, value in given.items() for word in ("--conf", f"{name}={value}")]
        submit = os.path.join(os.path.dirname(sys.executable), "spark-submit")
        words = [submit, "--master", f"local-cluster[{workers},1,1024]", *settings, "--files", carried]
        words += [JOB, "--format", form, self.list, output]
        done = subprocess.run(words, env={**os.environ, "PYSPARK_PYTHON": sys.executable}, capture_output=True, check=False)
        log = (done.stdout + done.stderr).decode(errors="replace")
        self.assertEqual(done.returncode, 0, log[-4000:])
        self.assertTrue(os.path.exists(os.path.join(output, "_SUCCESS")))
        rows = self.spark.read.format(form).load(output)
        if "offset" not in rows.columns:
            self.fail(str(rows.columns))
        return sorted(self.key(row.asDict(recursive=True)) for row in rows.collect()), log

    def test_one_worker(self):
        """The rows are those of the command, in Parquet."""
        rows, _ = self.run_job(1, "parquet")
        self.assertEqual(rows, self.direct)
        keys = [row[:2] for row in rows]
        self.assertEqual(len(keys), len(set(keys)), "path and offset are a key")
        self.assertGreater(len(keys), len({path for path, _ in keys}), "and the path alone is none")
        self.assertEqual({row[5] for row in rows}, {"clean", "mining"})

    def test_three_workers(self):
        """The same from three workers, in JSON."""
        self.assertEqual(self.run_job(3, "json")[0], self.direct)

    def test_a_worker_is_killed(self):
        """One of three executors is killed when it has written half of an archive's rows: none is lost, none is there twice."""
        mark = os.path.join(self.folder, "killed")
        env = {"DAVY_COMMAND": COMMAND, "DAVY_KILLED": mark, "DAVY_KILLS_AT": "/5.warc.gz"}
        rows, log = self.run_job(3, "json", os.path.join(HERE, "killing.py"), env)
        self.assertTrue(os.path.exists(mark))
        self.assertRegex(log, r"Lost executor|ExecutorLostFailure|Lost task")
        self.assertEqual(rows, self.direct)


if __name__ == "__main__":
    unittest.main()
