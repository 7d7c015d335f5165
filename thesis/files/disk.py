"""Reading files within a size limit, writing them whole or not at all, and locking a pack for changes."""

from __future__ import annotations

import errno
import glob
import os
import stat
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from thesis.core.problem import InvalidInput, Problem, SourceSpan

HERE = Path(__file__).parents[1]
MOST_BYTES = 20_000_000
MOST_YAML_BYTES = 1_000_000
LOCK = ".thesis.lock"
PATIENCE = 60.0  # seconds to wait for another process that holds the lock
SOON = 2.0  # seconds after which the user is told of the wait
UNFINISHED = ".tmp"  # the end of the name of a temporary file
NEW_FOLDER = ".thesis-new."  # the beginning of the name of a temporary folder


class DiskWarning(UserWarning):
    """What is to be known of a write that succeeds: that it waits, or that the disk did not confirm it."""


class PartlyWritten(OSError):
    """Of several files some were replaced, and could not be put back when another failed."""

    def __init__(self, cause: OSError, changed: Sequence[Path]) -> None:
        super().__init__(cause.errno, cause.strerror, cause.filename)
        self.changed = tuple(changed)


def bundled_folder(kind: str) -> Path:
    """The folder of what comes with the program (``rules``, ``templates``), installed or checked out."""
    installed = HERE / "bundled" / kind
    return installed if installed.is_dir() else HERE.parent / kind


@contextmanager
def named(path: Path | str) -> Iterator[None]:
    """Give what the system refuses the name of the file that it is about; a call on an open file has none."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def read_bytes(path: Path, shown: str, most: int = MOST_BYTES, *, is_needed: bool = True) -> bytes:
    """A file's bytes; none where it is not there and is not needed.

    Errors: ``InvalidInput`` for one that is missing, too large, no ordinary file or refused by the system.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode) and not path.is_dir():
            raise InvalidInput([Problem("unreadable-file", f"`{shown}` is not an ordinary file")])
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        if not is_needed:
            return b""
        raise InvalidInput([Problem("missing-file", f"there is no file `{shown}`")]) from None
    except OSError as error:
        raise unreadable(shown, error) from None
    if len(data) > most:
        raise InvalidInput([Problem("too-large", f"`{shown}` is larger than {most // 1_000_000} MB")])
    return data


_REMEDIES = {
    errno.ELOOP: "it is a link that leads back to itself: put the file itself there",
    errno.ENOTDIR: "expected a folder: move the file out of the way",
    errno.EISDIR: "expected a file: move the folder out of the way",
    errno.EIO: "the disk may be failing: copy what can be read of it to another one",
    errno.ESTALE: "it lies on another machine that has put it elsewhere: mount that folder again",
    errno.ENOSPC: "make room on the disk, and say the command again",
    errno.EDQUOT: "make room on the disk, and say the command again",
    errno.EROFS: "the disk can only be read: copy the pack to another one",
    errno.EMFILE: "end other programs that hold files open, or raise the limit: ulimit -n",
    errno.ENFILE: "end other programs that hold files open",
}
_NOT_ALLOWED = (errno.EACCES, errno.EPERM)


def remedy(error: OSError, right: str) -> str:
    """What to do about what the system refuses; ``right`` is the right that is wanted, as chmod has it."""
    if error.errno in _NOT_ALLOWED:
        return f"whoever owns it can let you {'read' if right == 'u+rX' else 'write'} it: chmod {right}"
    return _REMEDIES.get(error.errno or 0, "say the command again; if that does not help, try another disk")


def unreadable(shown: str, error: OSError) -> InvalidInput:
    """What to say of a file or folder that is there and cannot be read."""
    reason = (error.strerror or "it cannot be read").lower()
    hint = remedy(error, "u+rX")
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
    cannot be written, and then nothing has changed. Once it has its name nothing is an error: that the disk
    did not confirm it is a ``DiskWarning``.
    """
    write_bytes_atomically(path, text.encode("utf-8"), replace=replace)


def write_bytes_atomically(path: Path, data: bytes, *, replace: bool = True) -> None:
    """The same for bytes."""
    write_together({path: data}, replace=replace)


def write_together(
    contents: Mapping[Path, bytes], *, replace: bool = True, make_folders: bool = False
) -> None:
    """Write several files: all of them, or none.

    ``make_folders``: the folder of each is made where it is missing and the one above it is there. Errors:
    ``FileExistsError`` if one is there and must not be replaced; ``OSError`` if one cannot be written. Then
    nothing has changed, or the error is ``PartlyWritten`` and names what has.
    """
    folders = sorted({path.parent for path in contents})
    made: list[Path] = []
    with ExitStack() as at_end:
        for folder in folders:
            if make_folders and not folder.is_dir():
                _make(folder)
                made.append(folder)
                at_end.callback(_remove_if_empty, folder)
        for path in contents:
            _may_be_placed(path, replace=replace)
        finished = {path: at_end.enter_context(_finished(path, data)) for path, data in contents.items()}
        replaced = [path for path in contents if len(contents) > 1 and os.path.lexists(path)]
        earlier = {path: at_end.enter_context(_second_name(path)) for path in replaced}
        _place_all(finished, earlier, replace=replace)
    for folder in sorted({*folders, *(folder.parent for folder in made)}):
        confirm_on_disk(folder, [path for path in contents if path.is_relative_to(folder)])


def _place_all(finished: Mapping[Path, Path], earlier: Mapping[Path, Path], *, replace: bool) -> None:
    """Give finished files their names; where one cannot have it, the others get their old files back."""
    placed: list[Path] = []
    try:
        for path, beside in finished.items():
            with named(path):
                (os.replace if replace else os.link)(beside, path)
            placed.append(path)
    except BaseException as error:
        changed = [path for path in reversed(placed) if not _is_put_back(path, earlier.get(path))]
        if changed and isinstance(error, OSError):
            raise PartlyWritten(error, changed[::-1]) from error
        raise


def _is_put_back(path: Path, earlier: Path | None) -> bool:
    try:
        if earlier is None:
            os.unlink(path)
        else:
            os.replace(earlier, path)
    except OSError:
        return False
    return True


@contextmanager
def _finished(path: Path, data: bytes) -> Iterator[Path]:
    """A temporary file beside another, whole and on the disk; on leaving it is gone, unless renamed."""
    sweep_beside(path)
    beside = _beside(path)
    held: int | None = None
    try:
        with named(path), _create(beside) as file:
            held = os.dup(file.fileno())  # a lock goes with its last descriptor; an open file has no new name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "nt":  # where an open file cannot be renamed
            _close(held)
            held = None
        yield beside
    finally:
        _forget(beside)
        _close(held)


@contextmanager
def _second_name(path: Path) -> Iterator[Path]:
    """Another name for a file that is about to be replaced, or a copy where there are no second names."""
    beside = _beside(path, "before")
    held: int | None = None
    try:
        try:
            os.link(path, beside, follow_symlinks=False)
        except OSError:
            import shutil

            shutil.copy2(path, beside, follow_symlinks=False)
        with suppress(OSError):
            held = _opened(beside)
            _is_claimed(held)
        yield beside
    finally:
        _forget(beside)
        _close(held)


def _create(beside: Path) -> BinaryIO:
    """A new file, locked while it is open so that nobody takes it for a leftover. Errors: ``OSError``."""
    while True:
        file = open(beside, "xb")  # noqa: SIM115 - the caller closes it
        try:
            _is_claimed(file.fileno(), wait=True)
            if os.fstat(file.fileno()).st_nlink:
                return file
        except BaseException:
            file.close()
            raise
        file.close()  # swept by another between its beginning and its lock


def _is_claimed(number: int, *, wait: bool = False) -> bool:
    """Lock an open file or folder for this process; whether that was possible."""
    try:
        import fcntl
    except ImportError:
        return True  # an open file cannot be removed there
    try:
        fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _close(number: int | None) -> None:
    if number is not None:
        with suppress(OSError):
            os.close(number)


def _forget(beside: Path) -> None:
    """Remove a temporary file; one that cannot be removed is no reason to say that nothing was written."""
    with suppress(OSError):
        os.unlink(beside)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _make(folder: Path) -> None:
    """Make a folder. Errors: ``NotADirectoryError`` where something else has its name."""
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None


def _beside(path: Path, what: str = "") -> Path:
    """The name of the temporary file beside a file."""
    return path.with_name(f".{path.name}.{os.getpid()}{what}{UNFINISHED}")


def _may_be_placed(path: Path, *, replace: bool) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not replace and os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


# what is written outlasts a power cut -------------------------------------------------------------


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can do that. Errors: ``OSError``."""
    if os.name == "nt":
        return
    with named(folder):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that cannot
                raise
        finally:
            _close(number)


def confirm_on_disk(folder: Path, written: Sequence[Path]) -> None:
    """Sync a folder of files that have got their names; a failure is a warning, for they are there."""
    try:
        sync_folder(folder)
    except OSError as error:
        names = " and ".join(f"`{path.name}`" for path in written)
        verb = "is" if len(written) == 1 else "are"
        message = (
            f"{names} {verb} written, but the disk did not confirm it ({_reason(error)}): see after a power "
            f"cut whether {'it is' if len(written) == 1 else 'they are'} there"
        )
        warnings.warn(DiskWarning(message), stacklevel=2)


# what killed runs leave ---------------------------------------------------------------------------


def sweep_leftovers(folder: Path, pattern: str = f".*{UNFINISHED}") -> None:
    """Remove what a run that was killed left half written in a folder of the program's own."""
    _sweep(folder, pattern)


def sweep_beside(path: Path) -> None:
    """Remove what a killed run left beside a file that it was writing."""
    _sweep(path.parent, f".{glob.escape(path.name)}.*{UNFINISHED}")


def _sweep(folder: Path, pattern: str) -> None:
    with suppress(OSError):
        for left in sorted(folder.glob(pattern)):
            with suppress(OSError):
                _remove_leftover(left)


def _remove_leftover(left: Path) -> None:
    """Remove a temporary file or folder, unless a run that is alive holds it. Errors: ``OSError``."""
    if left.is_symlink() or os.name == "nt":
        _remove(left)
        return
    number = _opened(left)
    try:
        if _is_claimed(number):
            _remove(left)
    finally:
        _close(number)


def _remove(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        import shutil

        shutil.rmtree(left, ignore_errors=True)
    else:
        left.unlink(missing_ok=True)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder beside another, to be filled and renamed; on leaving it is gone, unless it was renamed.

    What killed runs left of theirs is swept away. Errors: ``OSError``.
    """
    _sweep(target.parent, f"{NEW_FOLDER}*")
    beside, held = _make_claimed(target.parent)
    try:
        made = beside / "new"  # with the rights of any new folder: a temporary one has fewer
        made.mkdir()
        yield made
    finally:
        import shutil

        shutil.rmtree(beside, ignore_errors=True)
        _close(held)


def _make_claimed(parent: Path) -> tuple[Path, int | None]:
    """A new folder that is locked while its descriptor is open. Errors: ``OSError``."""
    from tempfile import mkdtemp

    while True:
        beside = Path(mkdtemp(prefix=NEW_FOLDER, dir=parent))
        if os.name == "nt":
            return beside, None
        with suppress(FileNotFoundError):  # swept by another between its beginning and its lock
            held = _opened(beside)
            _is_claimed(held, wait=True)
            if beside.is_dir():
                return beside, held
            _close(held)


# one writer at a time -----------------------------------------------------------------------------


@contextmanager
def pack_lock(pack: Path, shown: str) -> Iterator[None]:
    """Hold a pack's files while they are changed; the system lets go of them if the program dies.

    Another who holds them is waited for, ``PATIENCE`` seconds at most, and after ``SOON`` seconds that is
    said. Errors: ``InvalidInput`` where that was not enough, or the folder cannot be written to. That the
    lock could not be given back is no error: what was written is written.
    """
    from filelock import FileLock, Timeout

    where = f"`{shown}`" if shown not in ("", ".") else "this folder"
    lock = FileLock(pack / LOCK)
    try:
        try:
            lock.acquire(timeout=SOON)
        except Timeout:
            told = f"somebody else is writing to {where}; waiting for up to {PATIENCE:g} seconds"
            warnings.warn(DiskWarning(told), stacklevel=3)
            lock.acquire(timeout=PATIENCE - SOON)
    except Timeout:
        message = f"somebody else has been writing to {where} for {PATIENCE:g} seconds; nothing was changed"
        hint = "wait until they are done, and say it again"
        raise InvalidInput([Problem("locked", message, hint=hint)]) from None
    except NotImplementedError:
        message = f"cannot lock {where}: its file system has no locks; nothing was changed"
        raise InvalidInput([Problem("unwritable", message, hint="copy the pack to another disk")]) from None
    except OSError as error:
        raise unwritable(shown if shown not in ("", ".") else str(pack), error) from None
    try:
        yield
    finally:
        with suppress(OSError):
            lock.release()


def unwritable(shown: str, error: OSError, hint: str = "", verb: str = "write") -> InvalidInput:
    """What to say of files that cannot be written: that nothing has changed, or what has."""
    what = "nothing was changed"
    if isinstance(error, PartlyWritten):
        names = " and ".join(f"`{path.name}`" for path in error.changed)
        are = "is" if len(error.changed) == 1 else "are"
        what = f"{names} {are} written already, and what was there before could not be put back"
    message = f"cannot {verb} `{shown}`: {_reason(error)}; {what}"
    return InvalidInput([Problem("unwritable", message, hint=hint or remedy(error, "u+w"))])


def _reason(error: OSError) -> str:
    return (error.strerror or "it cannot be written").lower()
