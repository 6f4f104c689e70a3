using System.Text.Encodings.Web;
using System.Text.Json;

namespace Swan.Batch.Output;

/// <summary>A chunk's bad rows, one JSON object a line: row, image, reason (one word, to count by) and message. No file where there are none.</summary>
/// <param name="folder">Where it goes.</param>
/// <param name="chunk">The chunk's number.</param>
internal sealed class BadRowsFile(JobFolder folder, int chunk) : IDisposable
{
    // Paths as they are, so that grep finds them; quotes and controls are escaped all the same.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private DurableFile? _file;

    public void Add(ScoredRow row, BadRow bad)
    {
        _file ??= folder.Create(folder.Bad(chunk));
        JsonSerializer.Serialize(_file.Stream, new { row = row.Row, image = row.Image, reason = bad.Reason, message = bad.Message }, Json);
        _file.Stream.WriteByte((byte)'\n');
    }

    /// <summary>Gives the file its name, in place of an earlier attempt's.</summary>
    public void Commit()
    {
        if (_file is null) FolderFlush.Delete(folder.Bad(chunk));
        else _file.Commit(folder.Bad(chunk));
    }

    public void Dispose() => _file?.Dispose();
}
