using System.Text.Encodings.Web;
using System.Text.Json;
using Swan.MLNet;

namespace Swan.Batch.Output;

/// <summary>A chunk's bad rows, one JSON object a line: row, image, reason (one word, to count by) and message.</summary>
/// <remarks>There is no file where there is no bad row.</remarks>
/// <param name="folder">Where it goes.</param>
/// <param name="chunk">The chunk's number.</param>
internal sealed class BadRowsFile(JobFolder folder, int chunk) : IDisposable
{
    // Paths as they are, so that grep finds them; quotes and controls are escaped all the same.
    private static readonly JobJson Json =
        new(new JsonSerializerOptions(JobJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private AtomicFile? _file;

    /// <summary>Writes a row.</summary>
    /// <param name="row">Its number in the list.</param>
    /// <param name="image">Its path.</param>
    /// <param name="error">What the pipeline's error column says: "Reason: message".</param>
    /// <returns>The reason.</returns>
    public string Add(long row, string image, string error)
    {
        int colon = error.IndexOf(": ", StringComparison.Ordinal);
        (string reason, string message) = colon < 0 ? ("Unknown", error) : (error[..colon], error[(colon + 2)..]);
        _file ??= folder.Create(folder.Bad(chunk));
        JsonSerializer.Serialize(_file.Stream, new BadRow(row, image, reason, message), Json.BadRow);
        _file.Stream.WriteByte((byte)'\n');
        return reason;
    }

    /// <summary>Gives the file its name, in place of an earlier attempt's.</summary>
    public void Commit()
    {
        if (_file is null) AtomicFile.Delete(folder.Bad(chunk));
        else _file.Commit();
    }

    public void Dispose() => _file?.Dispose();
}
