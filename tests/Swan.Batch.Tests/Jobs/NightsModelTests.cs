using CsCheck;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Jobs;

/// <summary>Random nights of random edits, against a dictionary that knows what the rows must be.</summary>
public sealed class NightsModelTests
{
    private const int Contents = 4, BadContent = Contents;
    private static readonly string[] s_keys = ["a", "a/b", "a-b", "ä", "\U0001F30D", "\uFFFD.png", "z"];

    private enum Act { Put, Touch, Remove, Move, Replace }

    private static readonly Gen<(Act, int, int)> s_edit = Gen.Select(
        Gen.Int[0, 4].Select(i => (Act)i), Gen.Int[0, s_keys.Length - 1], Gen.Int[0, BadContent]);

    private static readonly Gen<Night> s_night = Gen.Select(s_edit.Array[0, 5], s_edit.Array[0, 2], Gen.Int[1, 3], Gen.Int[0, 9])
        .Select((edits, late, shards, chance) => new Night(edits, late, shards, chance is 0 or 1, chance is 1 or 2, chance >= 6));

    [Fact]
    public async Task After_every_night_the_rows_are_what_a_dictionary_says_bit_by_bit()
    {
        Dictionary<int, JobRow> fresh = await FreshAsync();
        await s_night.Array[2, 6].SampleAsync(nights => CheckAsync(nights, fresh), iter: 60, threads: 1);
    }

    private static async Task CheckAsync(Night[] nights, Dictionary<int, JobRow> fresh)
    {
        using var folder = new BatchFolder();
        using var source = new MadeSource();
        var model = new NightsModel(source);
        foreach (Night night in nights)
        {
            foreach ((Act act, int key, int content) in night.Edits) Edit(source, act, s_keys[key], content);
            BatchJob job = folder.Job(o => (o.Source, o.AllowEmpty, o.Shards, o.Verify, o.RetryBadRows) =
                (source, true, night.Shards, night.Verifies, night.Retries));
            // A frozen run embeds what is there when it is read, however late that is.
            if (night.IsLate)
            {
                BatchPlan? plan = await job.PlanAsync();
                string[] planned = model.Plan(night.Verifies, night.Retries);
                Assert.Equal(planned.Length, plan?.Rows ?? 0);
                if (plan is { Shards: > 0 })
                {
                    foreach ((Act act, int key, int content) in night.Late) Edit(source, act, s_keys[key], content);
                    await job.RunShardsAsync([.. Enumerable.Range(0, plan.Shards).Reverse()]);
                }
                model.Read(planned);
            }
            else
            {
                await job.RunAsync();
                model.Read(model.Plan(night.Verifies, night.Retries));
            }
            Assert.Equal(model.Rows(fresh).Select(row => row.Text), (await folder.RowsAsync()).Select(row => row.Text));
        }
        Assert.Empty(folder.Temporaries);
    }

    private static byte[] Content(int number) => number == BadContent ? "no image"u8.ToArray() : MadePictures.Of(number);

    private static void Edit(MadeSource source, Act act, string key, int content)
    {
        bool isThere = source.Find(key) is not null;
        switch (act)
        {
            case Act.Put: source.Put(key, Content(content)); break;
            case Act.Touch when isThere: source.Touch(key); break;
            case Act.Remove: source.Remove(key); break;
            case Act.Replace when isThere: source.Replace(key, Content(content)); break;
            case Act.Move when isThere:
                source.Put(s_keys[content], source.Find(key)!.Value.Bytes);
                source.Remove(key);
                break;
        }
    }

    // What a job that has seen nothing else makes of each content.
    private static async Task<Dictionary<int, JobRow>> FreshAsync()
    {
        using var folder = new BatchFolder();
        using var source = new MadeSource();
        for (int i = 0; i <= BadContent; i++) source.Put($"{i}", Content(i));
        await folder.RunAsync(o => o.Source = source);
        return (await folder.RowsAsync()).ToDictionary(row => row.Image[0] - '0');
    }

    private sealed record Night((Act, int, int)[] Edits, (Act, int, int)[] Late, int Shards, bool Verifies, bool Retries, bool IsLate);

    /// <summary>What the job must know, the simplest way.</summary>
    private sealed class NightsModel(MadeSource source)
    {
        private readonly Dictionary<string, (string Stamp, int Content)> _known = [];

        public string[] Plan(bool verifies, bool retries)
        {
            foreach (string gone in _known.Keys.Except(source.Keys).ToArray()) _known.Remove(gone);
            return
            [
                .. source.Keys.Where(key => !_known.TryGetValue(key, out (string Stamp, int Content) known)
                    || known.Stamp != source.Find(key)!.Value.Stamp || (IsBad(known.Content) ? retries : verifies)),
            ];
        }

        public void Read(string[] keys)
        {
            foreach (string key in keys)
            {
                _known[key] = source.Find(key) is not ({ } stamp, { } bytes) ? ("missing", -1)
                    : (stamp, Enumerable.Range(0, BadContent + 1).First(i => Content(i).AsSpan().SequenceEqual(bytes)));
            }
        }

        public IEnumerable<JobRow> Rows(Dictionary<int, JobRow> fresh) => _known.OrderBy(pair => pair.Key, Utf8Order.Instance)
            .Select(pair => pair.Value.Content < 0 ? new JobRow(pair.Key, null, "Missing", [])
                : fresh[pair.Value.Content] with { Image = pair.Key });

        private static bool IsBad(int content) => content is < 0 or BadContent;
    }
}
