"""The only room that knows every other: it chooses the adapters, puts the parts together, and answers the command line.

settings   the config, or why it is refused            storage   the state, held or looked at
parts      one creditor's parts on their adapters      life      from the start to the stop
inquiry    commands that look and change nothing       checkup   `check`
errand     one command, by the daemon or here          alone     what a daemon does, where none runs
rereading  the owner's files, read again               argv*     the command line
"""

from daemon.wiring.life import live as live
from daemon.wiring.life import serving as serving
from daemon.wiring.parts import Daemon as Daemon
from daemon.wiring.parts import World as World
from daemon.wiring.parts import build as build
from daemon.wiring.parts import real_world as real_world
from daemon.wiring.settings import ConfigRefused as ConfigRefused
