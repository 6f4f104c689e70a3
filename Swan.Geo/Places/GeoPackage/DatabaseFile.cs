using Microsoft.Data.Sqlite;
using Swan.MLNet;

namespace Swan.Geo.Places;

/// <summary>An SQLite database that a reader sees whole or not at all, as <see cref="AtomicFile"/> does it for a stream.</summary>
/// <remarks>SQLite opens files by their names, so this one has a temporary name of its own, next to the file that it will be.</remarks>
internal sealed class DatabaseFile : IDisposable
{
    private readonly string _target, _temporary;

    private DatabaseFile(string target, string temporary)
    {
        (_target, _temporary) = (target, temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && File.Exists(target)) options.UnixCreateMode = File.GetUnixFileMode(target);
        new FileStream(temporary, options).Dispose();
        // No other process sees the file, and it is deleted if anything fails: no journal is needed.
        Connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = temporary, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            Connection.Open();
            Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The database, open.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>Begins a database.</summary>
    /// <param name="path">The destination; its folder is created. A link stays, and the file that it leads to is replaced.</param>
    /// <exception cref="IOException">Another program has the file open, or left it unfinished.</exception>
    public static DatabaseFile Create(string path)
    {
        (string target, string temporary) = AtomicFile.Names(path);
        ThrowIfInUse(target);
        return new(target, temporary);
    }

    /// <summary>Runs statements.</summary>
    public void Execute(string sql)
    {
        using SqliteCommand command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Closes the database and gives the file its name.</summary>
    /// <exception cref="IOException">It can't be brought to disk, or what has the name can't be replaced.</exception>
    public void Commit()
    {
        Connection.Dispose();
        ThrowIfInUse(_target);
        using (var written = new FileStream(_temporary, FileMode.Open, FileAccess.ReadWrite))
            AtomicFile.Rename(written, _temporary, _target);
        AtomicFile.FlushFolder(Path.GetDirectoryName(_target)!);
    }

    /// <summary>Leaves no temporary file.</summary>
    public void Dispose()
    {
        Connection.Dispose();
        File.Delete(_temporary);
    }

    // What SQLite keeps beside a database belongs to that database; with another one in its place, it would be damaged by it.
    private static void ThrowIfInUse(string target)
    {
        foreach (string suffix in (string[])["-wal", "-journal"])
        {
            if (!File.Exists(target + suffix)) continue;
            throw new IOException(
                $"'{target}' can't be replaced: '{Path.GetFileName(target)}{suffix}' exists, so a program such as QGIS has it "
                + "open, or ended without closing it. Close it there (if no program has it open, open and close it once), or write to "
                + "another file.");
        }
    }
}
