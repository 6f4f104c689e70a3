using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Swan.MLNet.Hosting;
using Swan.MLNet.Text;
using Swan.MLNet.Transforms;
using Answer = Swan.Testing.TinyPipeline.Answer;
using Query = Swan.Testing.TinyPipeline.Query;

namespace Swan.MLNet.Tests.Hosting;

public sealed class SwanPredictionEnginePoolTests : IDisposable
{
    private const int InService = 10, Refused = 11, Closed = 12, Gone = 13;

    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();
    private readonly string _path;

    public SwanPredictionEnginePoolTests()
    {
        _path = _folder.File("pipeline.zip");
        TinyPipeline.Replace(_path, TinyPipeline.Bytes(_folder, 1));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_pool_answers_what_the_pipeline_answers()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        Ask(pool, "green river bridge", expected: 1);
        Assert.Equal((1, null), (pool.Version, pool.LastFault));
    }

    [Fact]
    public async Task Eight_threads_lose_no_request_while_the_file_is_replaced_five_times_by_a_rename()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        await WhileEightThreadsAsk(pool, async () =>
        {
            for (int version = 2; version <= 6; version++)
            {
                TinyPipeline.Replace(_path, TinyPipeline.Bytes(_folder, version));
                await Eventually.True(() => pool.Version == version, $"version {version} is in service");
            }
        });
        Ask(pool, "river", expected: 6);
        Assert.Empty(_log.Of(Refused));
        await Eventually.True(() => _log.Of(Closed).Length == 5, "the five old versions are closed");
    }

    [Fact]
    public async Task Eight_threads_lose_no_request_while_the_file_is_written_slowly_in_place()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        await WhileEightThreadsAsk(pool, async () =>
        {
            for (int version = 2; version <= 4; version++)
            {
                byte[] bytes = TinyPipeline.Bytes(_folder, version);
                using (var stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    stream.SetLength(0);
                    foreach (byte[] part in bytes.Chunk(bytes.Length / 7))
                    {
                        stream.Write(part);
                        stream.Flush(flushToDisk: true);
                        // The pool looks at each part, and may take a pause for the end.
                        long looks = pool.Looks;
                        await Eventually.True(() => pool.Looks > looks, "the pool looks at the file");
                    }
                }
                await Eventually.True(() => pool.Current.Hash == Hash(bytes), $"version {version} is in service");
            }
        });
        Ask(pool, "river", expected: 4);
    }

    [Fact]
    public async Task A_part_that_is_left_lying_is_refused_and_the_whole_is_taken_when_it_is_there()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        byte[] bytes = TinyPipeline.Bytes(_folder, 2);
        using (var stream = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.Write(bytes.AsSpan(0, bytes.Length / 2));
            stream.Flush(flushToDisk: true);
            await Eventually.True(() => pool.LastFault is not null, "the part is refused");
            Ask(pool, "river", expected: 1);
            stream.Write(bytes.AsSpan(bytes.Length / 2));
        }
        await Eventually.True(() => pool.Version == 2, "the whole is in service");
        Ask(pool, "river", expected: 2);
        Assert.Null(pool.LastFault);
    }

    [Fact]
    public async Task A_file_that_is_no_pipeline_is_logged_once_and_the_old_one_stays()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        TinyPipeline.Replace(_path, "no zip"u8.ToArray());
        await Eventually.True(() => pool.LastFault is not null, "the file is refused");
        await ManyLooks(pool);
        LogEntry entry = Assert.Single(_log.Of(Refused));
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Contains("version 1 stays in service", entry.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(entry.Fault);
        Ask(pool, "river", expected: 1);

        TinyPipeline.Replace(_path, TinyPipeline.Bytes(_folder, 2));
        await Eventually.True(() => pool.Version == 2, "the next good file is in service");
    }

    [Fact]
    public async Task A_refused_content_is_tried_again_when_it_is_written_again()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        TinyPipeline.Replace(_path, "no zip"u8.ToArray());
        await Eventually.True(() => _log.Of(Refused).Count() == 1, "the file is refused");
        await Task.Delay(20, TestContext.Current.CancellationToken); // for another time of writing
        TinyPipeline.Replace(_path, "no zip"u8.ToArray());
        await Eventually.True(() => _log.Of(Refused).Count() == 2, "it is refused again");
    }

    [Fact]
    public async Task A_file_that_can_not_be_read_is_told_until_there_is_a_good_one()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        using (FileStream sparse = File.Create($"{_path}.new")) sparse.SetLength(3L << 30); // takes no room
        File.Move($"{_path}.new", _path, overwrite: true);
        await Eventually.True(() => pool.LastFault is not null, "the file is refused");
        Assert.Contains("3,221,225,472 bytes", pool.LastFault, StringComparison.Ordinal);
        Ask(pool, "river", expected: 1);
        TinyPipeline.Replace(_path, TinyPipeline.Bytes(_folder, 2));
        await Eventually.True(() => pool.Version == 2 && pool.LastFault is null, "the next good file is in service");
    }

    [Fact]
    public async Task A_zip_with_a_damaged_entry_is_refused()
    {
        byte[] bytes = TinyPipeline.Bytes(_folder, 2);
        // The encoder's data follow its local header, which ends with the name.
        int name = bytes.AsSpan().IndexOf("text.onnx"u8);
        Assert.True(name > 0);
        bytes[name + 200] ^= 0x10;
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        TinyPipeline.Replace(_path, bytes);
        await Eventually.True(() => pool.LastFault is not null, "the file is refused");
        Ask(pool, "river", expected: 1);
    }

    [Fact]
    public async Task A_pipeline_without_a_column_of_the_prediction_is_refused()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        TinyPipeline.Replace(_path, WithoutEmbedding());
        await Eventually.True(() => pool.LastFault is not null, "the file is refused");
        Assert.Contains("Embedding", pool.LastFault, StringComparison.Ordinal);
        Ask(pool, "river", expected: 1);
    }

    [Fact]
    public void A_first_file_that_does_not_fit_is_an_error_that_names_it()
    {
        TinyPipeline.Replace(_path, WithoutEmbedding());
        string message = Assert.Throws<InvalidOperationException>(Open).Message;
        Assert.Contains("pipeline.zip", message, StringComparison.Ordinal);
        Assert.Contains("Query → Answer", message, StringComparison.Ordinal);
        Assert.Contains("Embedding", message, StringComparison.Ordinal);
        using var lenient = new SwanPredictionEnginePool<Query, Answer>(new SwanPredictionEnginePoolOptions
        {
            PipelinePath = _path,
            IgnoreMissingColumns = true,
        });
        Assert.Equal(9, lenient.Predict(new Query()).Version);
    }

    [Fact]
    public void A_pipeline_that_drops_rows_is_an_error_that_names_the_option()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new Query { Text = "river" }]);
        var skip = new SwanEmbeddingOptions { OnError = SwanOnError.Skip };
        ITransformer pipeline = ml.Transforms
            .SwanCaptionEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName, "skip.swan"), skip)
            .Append(ml.Transforms.CopyColumns("Version", "Number")).Fit(data);
        ml.Model.Save(pipeline, data.Schema, _path);
        ((IDisposable)pipeline).Dispose();
        string message = Assert.Throws<InvalidOperationException>(Open).Message;
        Assert.Contains("may drop rows (SwanEmbeddingTransformer)", message, StringComparison.Ordinal);
        Assert.Contains("OnError = Missing or Throw", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_pipeline_file_written_again_changes_nothing()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        TinyPipeline.Replace(_path, File.ReadAllBytes(_path));
        await ManyLooks(pool);
        Assert.Equal(1, pool.Version);
        Assert.Single(_log.Of(InService));
    }

    [Fact]
    public async Task A_change_within_the_clock_tick_of_the_file_system_is_found()
    {
        int length = Math.Max(TinyPipeline.Bytes(_folder, 1).Length, TinyPipeline.Bytes(_folder, 2).Length) + 4000;
        DateTime tick = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        byte[] first = TinyPipeline.Bytes(_folder, 1, length), second = TinyPipeline.Bytes(_folder, 2, length);
        Assert.Equal(first.Length, second.Length);
        File.WriteAllBytes(_path, first);
        File.SetLastWriteTimeUtc(_path, tick);
        // Not told of the change, and with time to make it before the first look.
        SwanPredictionEnginePoolOptions options = TinyPipeline.Options(_path);
        options.Watch = false;
        options.PollInterval = TimeSpan.FromSeconds(2);
        using var pool = new SwanPredictionEnginePool<Query, Answer>(options);
        string temporary = _folder.File("second.zip");
        File.WriteAllBytes(temporary, second);
        File.SetLastWriteTimeUtc(temporary, tick);
        File.Move(temporary, _path, overwrite: true);
        await Eventually.True(() => pool.Version == 2, "the change is found");
        Ask(pool, "river", expected: 2);
    }

    [Fact]
    public async Task A_change_that_leaves_length_and_time_is_found_however_late_it_comes()
    {
        int length = Math.Max(TinyPipeline.Bytes(_folder, 1).Length, TinyPipeline.Bytes(_folder, 2).Length) + 4000;
        DateTime time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.WriteAllBytes(_path, TinyPipeline.Bytes(_folder, 1, length));
        File.SetLastWriteTimeUtc(_path, time);
        SwanPredictionEnginePoolOptions options = TinyPipeline.Options(_path);
        options.Watch = false;
        using var pool = new SwanPredictionEnginePool<Query, Answer>(options);
        await ManyLooks(pool);
        string temporary = _folder.File("second.zip");
        File.WriteAllBytes(temporary, TinyPipeline.Bytes(_folder, 2, length));
        File.SetLastWriteTimeUtc(temporary, time);

        File.Move(temporary, _path, overwrite: true);

        await Eventually.True(() => pool.Version == 2, "the change is found");
        Ask(pool, "river", expected: 2);
    }

    [Fact]
    public async Task Being_told_of_a_change_is_enough()
    {
        SwanPredictionEnginePoolOptions options = TinyPipeline.Options(_path);
        options.PollInterval = TimeSpan.FromHours(20);
        using var pool = new SwanPredictionEnginePool<Query, Answer>(options);
        TinyPipeline.Replace(_path, TinyPipeline.Bytes(_folder, 2));
        await Eventually.True(() => pool.Version == 2, "the new file is in service");
    }

    [Fact]
    public async Task Looking_is_enough()
    {
        SwanPredictionEnginePoolOptions options = TinyPipeline.Options(_path);
        options.Watch = false;
        using var pool = new SwanPredictionEnginePool<Query, Answer>(options);
        TinyPipeline.Replace(_path, TinyPipeline.Bytes(_folder, 2));
        await Eventually.True(() => pool.Version == 2, "the new file is in service");
    }

    [Fact]
    public async Task A_file_behind_a_link_is_followed_when_the_link_changes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        string link = _folder.File("link.zip"), second = _folder.File("second.zip"), turned = _folder.File("turned.zip");
        File.CreateSymbolicLink(link, _path);
        using var pool = new SwanPredictionEnginePool<Query, Answer>(TinyPipeline.Options(link));
        File.WriteAllBytes(second, TinyPipeline.Bytes(_folder, 2));
        File.CreateSymbolicLink(turned, second);
        File.Move(turned, link, overwrite: true);
        await Eventually.True(() => pool.Version == 2, "the link's new file is in service");
    }

    [Fact]
    public async Task A_removed_file_leaves_the_old_version_in_service_until_there_is_a_new_one()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        File.Delete(_path);
        await Eventually.True(() => _log.Of(Gone).Length == 1, "it is logged");
        await ManyLooks(pool);
        Assert.Single(_log.Of(Gone));
        Ask(pool, "river", expected: 1);
        TinyPipeline.Replace(_path, TinyPipeline.Bytes(_folder, 2));
        await Eventually.True(() => pool.Version == 2, "the new file is in service");
    }

    [Fact]
    public async Task A_request_in_flight_finishes_on_its_version_which_is_closed_after_it()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        LoadedPipeline<Query, Answer> old = pool.Current;
        using var slow = new SlowQuery("green river bridge");
        Task<Answer> inFlight = Task.Run(() => pool.Predict(slow));
        await Eventually.True(() => slow.Entered.IsSet, "the request is in the pipeline");

        TinyPipeline.Replace(_path, TinyPipeline.Bytes(_folder, 2));
        await Eventually.True(() => pool.Version == 2, "the new file is in service");
        Ask(pool, "river", expected: 2);
        Assert.False(old.IsClosed);
        Assert.Empty(_log.Of(Closed));

        slow.Release.Set();
        Answer answer = await inFlight;
        Assert.Equal(1, answer.Version);
        TinyModel.Same(TinyModel.CaptionEmbedding("green river bridge"), answer.Embedding);
        await Eventually.True(() => old.IsClosed, "the old version is closed");
        Assert.Single(_log.Of(Closed));
    }

    [Fact]
    public async Task A_disposed_pool_lets_its_last_request_finish_and_takes_no_more()
    {
        SwanPredictionEnginePool<Query, Answer> pool = Open();
        LoadedPipeline<Query, Answer> current = pool.Current;
        using var slow = new SlowQuery("river");
        Task<Answer> inFlight = Task.Run(() => pool.Predict(slow));
        await Eventually.True(() => slow.Entered.IsSet, "the request is in the pipeline");
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Predict(new Query { Text = "river" }));
        Assert.False(current.IsClosed);
        slow.Release.Set();
        Answer answer = await inFlight;
        TinyModel.Same(TinyModel.CaptionEmbedding("river"), answer.Embedding);
        await Eventually.True(() => current.IsClosed, "the pipeline is closed");
        pool.Dispose();
    }

    [Fact]
    public void A_row_that_fails_does_not_spoil_the_next()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        for (int i = 0; i < 20; i++)
        {
            Assert.Throws<InvalidOperationException>(() => pool.Predict(new FailingQuery()));
            Ask(pool, "river", expected: 1);
        }
    }

    [Fact]
    public void A_caption_without_a_known_word_is_the_callers_bad_input()
    {
        using SwanPredictionEnginePool<Query, Answer> pool = Open();
        Ask(pool, "river", expected: 1);
        var e = Assert.Throws<SwanTextException>(() => pool.Predict(new Query { Text = "zzz" }));
        Assert.StartsWith("'zzz' has no word that the model 'tiny' knows", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Row", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("OnError", e.Message, StringComparison.Ordinal);
        Ask(pool, "river", expected: 1);
    }

    [Fact]
    public void Without_reload_the_file_is_not_looked_at()
    {
        using var pool =
            new SwanPredictionEnginePool<Query, Answer>(new SwanPredictionEnginePoolOptions { PipelinePath = _path, Reload = false });
        TinyPipeline.Replace(_path, TinyPipeline.Bytes(_folder, 2));
        Ask(pool, "river", expected: 1);
        Assert.Equal(0, pool.Looks);
    }

    [Fact]
    public void All_faults_of_the_options_are_told_at_once()
    {
        var options = new SwanPredictionEnginePoolOptions
        {
            PipelinePath = _folder.File("nowhere.zip"),
            QuietPeriod = TimeSpan.Zero,
            PollInterval = TimeSpan.FromDays(2),
        };
        string message = Assert.Throws<ArgumentException>(() => new SwanPredictionEnginePool<Query, Answer>(options)).Message;
        Assert.All(["nowhere.zip", "QuietPeriod is 00:00:00", "PollInterval is 2.00:00:00"],
            fault => Assert.Contains(fault, message, StringComparison.Ordinal));
    }

    private SwanPredictionEnginePool<Query, Answer> Open() =>
        new(TinyPipeline.Options(_path), logger: _log.For<SwanPredictionEnginePool<Query, Answer>>());

    private static void Ask(SwanPredictionEnginePool<Query, Answer> pool, string text, int expected)
    {
        Answer answer = pool.Predict(new Query { Text = text });
        Assert.Equal(expected, answer.Version);
        TinyModel.Same(TinyModel.CaptionEmbedding(text), answer.Embedding);
    }

    private static async Task ManyLooks(SwanPredictionEnginePool<Query, Answer> pool)
    {
        long looks = pool.Looks;
        await Eventually.True(() => pool.Looks > looks + 10, "the pool looks at the file");
    }

    /// <summary>Every answer must be whole, and of a version that was in service while it was asked for.</summary>
    private static async Task WhileEightThreadsAsk(SwanPredictionEnginePool<Query, Answer> pool, Func<Task> change)
    {
        using var stop = new CancellationTokenSource();
        long answers = 0;
        Task[] askers = [.. Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (int i = thread; !stop.IsCancellationRequested; i++)
                {
                    string text = TinyModel.Sentences[i % TinyModel.Sentences.Length];
                    int before = pool.Version;
                    Answer answer = pool.Predict(new Query { Text = text });
                    Assert.InRange(answer.Version, before, pool.Version);
                    TinyModel.Same(TinyModel.CaptionEmbedding(text), answer.Embedding);
                    Interlocked.Increment(ref answers);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try
        {
            await change();
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(askers);
        }
        Assert.True(Interlocked.Read(ref answers) > 8, "the threads asked");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private static byte[] WithoutEmbedding()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new Query()]);
        using var stream = new MemoryStream();
        ml.Model.Save(ml.Transforms.Expression("Version", "(x) => x * 0f + 9f", "Number").Fit(data), data.Schema, stream);
        return stream.ToArray();
    }

    /// <summary>A row that stays in the pipeline until it is released.</summary>
    private sealed class SlowQuery(string text) : Query, IDisposable
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public override string Text
        {
            get
            {
                Entered.Set();
                Release.Wait();
                return text;
            }
        }

        public void Dispose()
        {
            Entered.Dispose();
            Release.Dispose();
        }
    }

    private sealed class FailingQuery : Query
    {
        public override string Text => throw new FormatException("this row can't be read");
    }
}
