namespace Swan.Batch.Tests.Jobs;

/// <summary>A finished job, to be asked for something else.</summary>
public sealed class FinishedJob : IDisposable
{
    public FinishedJob()
    {
        Folder.List(Folder.Draw(6));
        BatchProcess.Run(Arguments()).MustBe(0);
    }

    internal BatchFolder Folder { get; } = new();

    public string[] Arguments(params string[] more) => [.. Folder.Job(Folder.File("list.txt"), 2), .. more];

    public void Dispose() => Folder.Dispose();
}
