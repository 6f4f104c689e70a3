using Swan.MLNet.Scheduling;

namespace Swan.Testing;

/// <summary>
/// Restores the limits of this process when it is disposed. For tests that nothing runs beside. It begins when nothing is taken of them:
/// a cursor that an earlier test forgot gives its share back when it is collected.
/// </summary>
public sealed class SavedResources : IDisposable
{
    private readonly (int Decodes, int Reads, int Threads, long Encoder, long Bytes) _saved =
        (SwanResources.MaxDecodes, SwanResources.MaxReads, SwanResources.EncoderThreads, SwanResources.MaxEncoderBytes,
            SwanResources.MaxPictureBytes);

    public SavedResources() => GivenBack().GetAwaiter().GetResult();

    private static WorkFrame Frame => WorkFrame.Process;

    private static bool NothingIsTaken =>
        new[] { Frame.Rows, Frame.Files, Frame.Excess, Frame.Reads, Frame.Decodes, Frame.Pixels, Frame.Encoders, Frame.Processors }
            .All(permits => (permits.Taken, permits.Waiting) == (0, 0));

    /// <summary>Waits until nothing is taken.</summary>
    public static Task GivenBack() => Eventually.True(() => NothingIsTaken || (Collected() && NothingIsTaken), "all is given back");

    /// <summary>True, once what nobody holds any more has been finalized.</summary>
    public static bool Collected()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return true;
    }

    public void Dispose() =>
        (SwanResources.MaxDecodes, SwanResources.MaxReads, SwanResources.EncoderThreads, SwanResources.MaxEncoderBytes,
            SwanResources.MaxPictureBytes) = _saved;
}
