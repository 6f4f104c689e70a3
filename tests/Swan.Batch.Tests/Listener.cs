namespace Swan.Batch.Tests;

/// <summary>Keeps what a job says.</summary>
internal sealed class Listener(List<BatchProgress> said) : IProgress<BatchProgress>
{
    public void Report(BatchProgress value) => said.Add(value);
}
