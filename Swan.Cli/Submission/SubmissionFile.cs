using System.Text;
using Swan.Batch;
using Swan.MLNet;

namespace Swan.Cli.Submission;

/// <summary>A file that a scheduler is given.</summary>
/// <param name="Path">Where it is written.</param>
/// <param name="Write">Makes its text.</param>
internal sealed record SubmissionFile(string Path, Func<PlannedRun, string> Write)
{
    private const int BytesWithOrigin = 4096;

    /// <summary>Refuses to replace or remove a file that an earlier plan didn't write.</summary>
    /// <exception cref="SwanBatchException">It is.</exception>
    public void Check()
    {
        if (Directory.Exists(Path)) throw new SwanBatchException($"'{Path}' is a folder; expected the name of a file to write.");
        if (!File.Exists(Path)) return;
        using FileStream stream = File.OpenRead(Path);
        byte[] start = new byte[BytesWithOrigin];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (Encoding.UTF8.GetString(start, 0, length).Contains(PlannedRun.Origin, StringComparison.Ordinal)) return;
        throw new SwanBatchException($"'{Path}' exists, but no earlier plan wrote it: '{PlannedRun.Origin}' isn't at its "
            + "beginning. Nothing was changed. Choose another name, or remove it.");
    }

    /// <summary>Writes what is to be submitted, or removes what no longer is.</summary>
    /// <param name="run">The run; null where there is nothing to do.</param>
    /// <returns>What was done, for people; null where that is nothing.</returns>
    public string? Update(PlannedRun? run)
    {
        if (run is not null)
        {
            AtomicFile.WriteText(Path, Write(run));
            return $"wrote '{Path}'";
        }
        if (!File.Exists(Path)) return null;
        AtomicFile.Delete(Path);
        return $"removed '{Path}', which an earlier plan wrote: there is nothing to submit";
    }
}
