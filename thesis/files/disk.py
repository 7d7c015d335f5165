"""Reading files within a size limit, writing them whole or not at all, and locking a pack for changes."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from thesis.core.problem import InvalidInput, Problem, SourceSpan

HERE = Path(__file__).parents[1]
MOST_BYTES = 20_000_000
MOST_YAML_BYTES = 1_000_000
LOCK = ".thesis.lock"
PATIENCE = 5.0  # seconds to wait for another process that holds the lock


def bundled_folder(kind: str) -> Path:
    """The folder of what comes with the program (``rules``, ``templates``), installed or checked out."""
    installed = HERE / "bundled" / kind
    return installed if installed.is_dir() else HERE.parent / kind


def read_bytes(path: Path, shown: str, most: int = MOST_BYTES) -> bytes:
    """A file's bytes. Errors: ``InvalidInput`` for one that is missing, too large or no ordinary file."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode) and not path.is_dir():
            raise InvalidInput([Problem("unreadable-file", f"`{shown}` is not an ordinary file")])
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise InvalidInput([Problem("missing-file", f"there is no file `{shown}`")]) from None
    except OSError as error:
        raise unreadable(shown, error) from None
    if len(data) > most:
        raise InvalidInput([Problem("too-large", f"`{shown}` is larger than {most // 1_000_000} MB")])
    return data


_REMEDIES = {
    errno.EACCES: "whoever owns it can let you read it: chmod u+rX",
    errno.EPERM: "whoever owns it can let you read it: chmod u+rX",
    errno.ELOOP: "it is a link that leads back to itself: put the file itself there",
    errno.ENOTDIR: "expected a folder: move the file out of the way",
    errno.EISDIR: "expected a file: move the folder out of the way",
}


def unreadable(shown: str, error: OSError) -> InvalidInput:
    """What to say of a file or folder that is there and cannot be read."""
    reason = (error.strerror or "it cannot be read").lower()
    hint = _REMEDIES.get(error.errno or 0, "")
    return InvalidInput([Problem("unreadable-file", f"cannot read `{shown}`: {reason}", hint=hint)])


def read_text(path: Path, shown: str, most: int = MOST_BYTES) -> str:
    """A file's text. Errors: as ``read_bytes``, and ``InvalidInput`` for one that is not UTF-8."""
    data = read_bytes(path, shown, most)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        found = f"expected UTF-8 text, found the byte 0x{data[error.start]:02x}"
        raise InvalidInput(
            [Problem("not-utf-8", found, SourceSpan(shown, line, column), "save the file as UTF-8")]
        ) from None


def make_private_folder(folder: Path) -> None:
    """Make a folder that only the user can enter, and likewise those above it that are missing.

    Errors: ``OSError``.
    """
    for each in (*reversed(folder.parents), folder):
        with suppress(FileExistsError):
            if not each.is_dir():
                os.mkdir(each, 0o700)


def close_to_others(folder: Path) -> None:
    """Let nobody else into a folder of the user's. Errors: ``OSError`` for another's, or a link."""
    if is_own(folder):
        return
    if os.lstat(folder).st_uid != os.geteuid() or folder.is_symlink():
        raise PermissionError(errno.EPERM, "it is another user's, or a link", str(folder))
    os.chmod(folder, 0o700)


def is_own(path: Path) -> bool:
    """Whether something is the user's, no link, and closed to writers; true where no system can tell."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    if not hasattr(os, "geteuid"):
        return True
    return (
        found.st_uid == os.geteuid()
        and not stat.S_ISLNK(found.st_mode)
        and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


def write_atomically(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a file through a temporary one beside it: flushed to the disk, then renamed.

    Errors: ``FileExistsError`` if the file is there and must not be replaced; ``OSError`` if it
    cannot be written, and then nothing has changed.
    """
    write_bytes_atomically(path, text.encode("utf-8"), replace=replace)


def write_bytes_atomically(path: Path, data: bytes, *, replace: bool = True) -> None:
    """The same for bytes."""
    beside = path.parent / _beside(path)
    try:
        with open(beside, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(beside, path)
            return
        os.link(beside, path)
    except BaseException:
        _forget(beside)
        raise
    _forget(beside)


def _forget(beside: Path) -> None:
    """Remove a temporary file; one that cannot be removed is no reason to say that nothing was written."""
    with suppress(OSError):
        os.unlink(beside)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can do that for folders."""
    try:
        number = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(number)
    except OSError:
        pass
    finally:
        os.close(number)


def write_together(folder: Path, contents: Mapping[str, str | bytes], *, replace: bool = True) -> None:
    """Write several files into a folder: all of them, or none.

    It is made if the one above it is there, and so are folders in it that a name leads to.
    Errors: ``FileExistsError`` if one is there and must not be replaced; ``OSError`` if one cannot be
    written. Then nothing has changed, unless the disk fails while finished files are put in place.
    """
    beside = {folder / name: (folder / name).with_name(_beside(folder / name)) for name in contents}
    made: list[Path] = []
    placed: list[Path] = []
    try:
        for needed in sorted({folder, *(path.parent for path in beside)}):
            if not needed.is_dir():
                _make(needed)
                made.append(needed)
        for path in beside:
            _may_be_placed(path, replace=replace)
        for there, content in zip(beside.values(), contents.values(), strict=True):
            with open(there, "xb") as file:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
        for path, there in beside.items():
            (os.replace if replace else os.link)(there, path)
            placed.append(path)
    except OSError:
        for path in () if replace else placed:
            path.unlink()
        raise
    finally:
        for there in beside.values():
            _forget(there)
        for folder_made in reversed(made):
            with suppress(OSError):  # where something is in it
                folder_made.rmdir()


def _make(folder: Path) -> None:
    """Make a folder. Errors: ``NotADirectoryError`` where something else has its name."""
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None


def _beside(path: Path) -> str:
    """The name of the temporary file beside a file."""
    return f".{path.name}.{os.getpid()}.tmp"


def _may_be_placed(path: Path, *, replace: bool) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not replace and os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def sweep_leftovers(folder: Path) -> None:
    """Remove what a run that was killed left half written; only for who holds the lock of the folder."""
    for left in folder.glob(".*.tmp"):
        if left.is_dir() and not left.is_symlink():
            import shutil

            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


@contextmanager
def pack_lock(pack: Path, shown: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a pack's files while they are changed; the system lets go of them if the program dies.

    Errors: ``InvalidInput`` where another holds them for longer than ``patience`` seconds, or the folder
    cannot be written to.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(pack / LOCK, timeout=patience)
    try:
        lock.acquire()
    except Timeout:
        where = f"`{shown}`" if shown not in ("", ".") else "this folder"
        message = f"somebody else is writing to {where}; nothing was changed"
        hint = "wait until they are done, and say it again"
        raise InvalidInput([Problem("locked", message, hint=hint)]) from None
    except OSError as error:
        raise unwritable(shown if shown not in ("", ".") else str(pack), error) from None
    try:
        yield
    finally:
        lock.release()


def unwritable(shown: str, error: OSError) -> InvalidInput:
    """What to say of a file that cannot be written, nothing having changed."""
    reason = (error.strerror or "it cannot be written").lower()
    return InvalidInput([Problem("unwritable", f"cannot write `{shown}`: {reason}; nothing was changed")])
