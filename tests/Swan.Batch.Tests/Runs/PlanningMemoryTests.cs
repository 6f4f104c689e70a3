using System.Runtime.CompilerServices;
using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Runs;

[Collection(nameof(AloneInTheProcess))]
public sealed class PlanningMemoryTests
{
    [Fact]
    public async Task Planning_takes_as_much_memory_for_many_images_as_for_few()
    {
        await PeakAsync(1000); // what a process makes once
        long few = await PeakAsync(10_000), many = await PeakAsync(200_000);
        Assert.True(many - few < 50 << 20, $"{few >> 20} MiB for few images, {many >> 20} MiB for many");
    }

    // What is alive at most while a run is planned, done, and planned again a night later.
    private static async Task<long> PeakAsync(int images)
    {
        using var folder = new BatchFolder();
        using var source = new ManySource(images);
        using var stop = new CancellationTokenSource();
        Task<long> peak = Task.Run(() =>
        {
            long most = 0;
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
                // The work is done meanwhile, too.
                Thread.Sleep(50);
            }
            return most;
        });
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Equal(images, (await folder.RunAsync(o => o.Source = source)).BadRows["Missing"]);
        source.Stamp = "2";
        Assert.Equal(images, (await folder.Job(o => o.Source = source).PlanAsync(cancellationToken: token))!.Changed);
        await stop.CancelAsync();
        return await peak;
    }

    /// <summary>Names of images that nobody can open.</summary>
    private sealed class ManySource(int images) : ImageSource
    {
        private static readonly string s_long = new('x', 240);

        public string Stamp { get; set; } = "1";

        public override string Address => "test://many";

        public override async IAsyncEnumerable<SourceImage> ListAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            // Not in order: 7919 is prime to the number of images.
            for (long i = 0; i < images; i++) yield return new SourceImage($"{i * 7919 % images:D6}/{s_long}.png", Stamp);
        }

        public override Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellationToken = default) =>
            Task.FromResult<StoredContent?>(null);
    }
}
