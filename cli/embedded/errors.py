"""The errors of the embedded parts; each class lives beside the code that raises it.

EmbeddedError
├── BinaryMissingError    binaries.py    a server's program is not installed
├── DataDirError          data_dir.py    the data folder is in use or not writable
├── PortInUseError        ports.py       somebody else listens on the port that was asked for
├── ClusterError          initdb.py      a PostgreSQL cluster could not be created
├── PartFailedError       keeper.py      a part did not come up
└── SetupFailedError      programs.py    the migrations or the demo network failed
"""


class EmbeddedError(Exception):
    """A reason, in words for the person at the terminal, why the stack does not run."""
