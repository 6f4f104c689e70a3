using Swan.Batch.Sources;

namespace Swan.Batch.Tests.Sources;

/// <summary>Sources whose store is reached by a signature.</summary>
public sealed class SignedStoreTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public SignedStoreTests() => File.WriteAllBytes(_folder.File("a.tar"), Packed.Tar([("1.png", MadePictures.Of(1))]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_shard_that_lacks_the_signature_which_its_archives_had_ends_at_once()
    {
        using (var signed = new ArchiveSource(Store(hasSignature: true), "a.tar"))
            await _folder.Job(o => o.Source = signed).PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        WatchedStore plain = Store(hasSignature: false);
        using var without = new ArchiveSource(plain, "a.tar");
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => _folder.RunAsync(o => o.Source = without));
        Assert.Contains("/a.tar' had a query or a user when the run was planned", refused.Message, StringComparison.Ordinal);
        Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(refused));
        Assert.Empty(plain.Opened);

        using var again = new ArchiveSource(Store(hasSignature: true), "a.tar");
        Assert.Equal((1, 0), ((await _folder.RunAsync(o => o.Source = again)) is var done ? (done.Rows, done.BadRows.Count) : default));
    }

    [Fact]
    public async Task What_was_planned_without_a_signature_needs_none()
    {
        using (var planned = new ArchiveSource(Store(hasSignature: false), "a.tar"))
            await _folder.Job(o => o.Source = planned).PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var source = new ArchiveSource(Store(hasSignature: false), "a.tar");
        Assert.Equal(1, (await _folder.RunAsync(o => o.Source = source)).Rows);
    }

    private WatchedStore Store(bool hasSignature) => new(Path.GetDirectoryName(_folder.File("a.tar"))!) { HasSignature = hasSignature };
}
