"""argv -> command.  Exit 0: done; 1: failed or refused; 2: the config is wrong; 3: the state cannot be trusted."""

from daemon.wiring.argv import main as main
from daemon.wiring.argv_answering import ANSWERING
from daemon.wiring.argv_backup import SAVING
from daemon.wiring.argv_bank import BANKING
from daemon.wiring.argv_calls import CALLING
from daemon.wiring.argv_importing import IMPORTING
from daemon.wiring.argv_init import BEGINNING
from daemon.wiring.argv_login import LOGGING_IN
from daemon.wiring.argv_looking import LOOKING
from daemon.wiring.argv_report import REPORTING
from daemon.wiring.argv_running import RUNNING
from daemon.wiring.argv_shell import SHELL
from daemon.wiring.argv_telling import TELLING
from daemon.wiring.argv_triage import TRIAGE

for command in (
    *BEGINNING,
    *TRIAGE,
    *LOOKING,
    *IMPORTING,
    *REPORTING,
    *CALLING,
    *RUNNING,
    *LOGGING_IN,
    *TELLING,
    *ANSWERING,
    *BANKING,
    *SAVING,
    *SHELL,
):  # as --help lists them
    main.add_command(command)

if __name__ == "__main__":
    main()
