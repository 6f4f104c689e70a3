using Swan.MLNet.Scheduling;

namespace Swan.Testing;

/// <summary>Restores the limits of this process when it is disposed. For tests that nothing runs beside.</summary>
public sealed class SavedResources : IDisposable
{
    private readonly (int Decodes, int Reads, int Threads, long Encoder, long Bytes) _saved =
        (SwanResources.MaxDecodes, SwanResources.MaxReads, SwanResources.EncoderThreads, SwanResources.MaxEncoderBytes,
            SwanResources.MaxPictureBytes);

    public void Dispose() =>
        (SwanResources.MaxDecodes, SwanResources.MaxReads, SwanResources.EncoderThreads, SwanResources.MaxEncoderBytes,
            SwanResources.MaxPictureBytes) = _saved;
}
