"""A Discord to talk to when there is no Discord."""

from sandbox.accounts import Role
from sandbox.calls import Call
from sandbox.clock import Clock
from sandbox.errors import ClientRefused, DownloadFailed, NotAnswered, SandboxError
from sandbox.files import Upload
from sandbox.messages import Attachment, Message
from sandbox.modals import Modal
from sandbox.model import Channel, Guild
from sandbox.person import Person
from sandbox.server import Sandbox

__all__ = [
    "Attachment",
    "Call",
    "Channel",
    "ClientRefused",
    "Clock",
    "DownloadFailed",
    "Guild",
    "Message",
    "Modal",
    "NotAnswered",
    "Person",
    "Role",
    "Sandbox",
    "SandboxError",
    "Upload",
]
