using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Swan.MLNet.Hosting;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Answer = Swan.Testing.TinyPipeline.Answer;
using Query = Swan.Testing.TinyPipeline.Query;

namespace Swan.MLNet.Tests.Hosting;

public sealed class AddSwanTests : IDisposable
{
    private const int ModelOpened = 1;

    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();
    private readonly string _model;

    public AddSwanTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AddSwan_registers_the_model_and_both_generators()
    {
        using IHost host = Build(services => services.AddSwan(o => o.ModelPath = _model));
        SwanModel model = host.Services.GetRequiredService<SwanModel>();
        IEmbeddingGenerator<string, Embedding<float>> captions = Captions(host);
        var images = host.Services.GetRequiredService<IEmbeddingGenerator<DataContent, Embedding<float>>>();
        Assert.Same(model, captions.GetService<SwanModel>());
        Assert.Same(model, images.GetService<SwanModel>());
        Assert.Equal(model.EmbedCaption("river"), (await captions.GenerateVectorAsync("river")).ToArray());
        string image = TinyImages.Write(_folder.FullName, "a.png", 1);
        Assert.Equal(model.EmbedImage(image), (await images.GenerateVectorAsync(await DataContent.LoadFromAsync(image))).ToArray());
    }

    [Fact]
    public async Task Texts_that_are_too_long_are_logged_once_a_call_on_model_or_generator()
    {
        const int TextsCut = 2;
        string text = string.Join(' ', Enumerable.Repeat("river", TinyModel.MaxCaptionLength + 1));
        using IHost host = Build(services => services.AddSwan(o => o.ModelPath = _model));
        host.Services.GetRequiredService<SwanModel>().EmbedCaption(text);
        await Captions(host).GenerateAsync([text, text, "river"]);
        Assert.Equal(
            [
                "Texts longer than 12 tokens: 1 of 1. What came after was ignored.",
                "Texts longer than 12 tokens: 2 of 3. What came after was ignored.",
            ],
            _log.Of(TextsCut).Select(entry => entry.Message));
    }

    [Fact]
    public async Task Without_a_path_it_serves_the_model_inside_the_library_as_the_containers_own()
    {
        SwanModel model;
        using (IHost host = Build(services => services.AddSwan().Services.AddKeyedSwan("one thread", o => o.Threads = 1)))
        {
            await host.StartAsync();
            model = host.Services.GetRequiredService<SwanModel>();
            Assert.Equal(SwanModel.Default.Card.Identity, model.Card.Identity);
            Assert.Equal(SwanModel.Default.EmbedCaption(
                "river"),
                (await Captions(host).GenerateVectorAsync("river")).ToArray());
            Assert.Contains(
                "1 threads", host.Services.GetRequiredKeyedService<SwanModel>("one thread").DeviceReport, StringComparison.Ordinal);
            Assert.All(_log.Of(ModelOpened),
                entry => Assert.Contains("'the model inside Swan.MLNet' is open", entry.Message, StringComparison.Ordinal));
            await host.StopAsync();
        }
        Assert.Throws<ObjectDisposedException>(() => model.EmbedCaption("river"));
        Assert.NotEmpty(SwanModel.Default.EmbedCaption("river"));
    }

    [Fact]
    public void The_container_owns_the_model()
    {
        SwanModel model;
        using (IHost host = Build(services => services.AddSwan(o => o.ModelPath = _model)))
        {
            model = host.Services.GetRequiredService<SwanModel>();
            Captions(host);
        }
        Assert.Throws<ObjectDisposedException>(() => model.EmbedCaption("river"));
    }

    [Fact]
    public async Task All_faults_of_the_options_are_told_together_when_the_host_starts()
    {
        using IHost host = Build(services => services.AddSwan(o =>
        {
            o.ModelPath = _folder.File("nowhere.swan");
            o.Threads = -1;
            o.BatchSize = 5000;
            o.Concurrency = 0;
            o.MaxImagePixels = 536_870_912;
            o.MaxImageBytes = 0;
        }));
        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        string[] expected =
        [
            "nowhere.swan", "Threads is -1", "BatchSize is 5000", "Concurrency is 0",
            "MaxImagePixels is 536870912; expected 1 to 536870911",
            "MaxImageBytes is 0; expected 1 to 2147483591",
        ];
        Assert.Equal(expected.Length, e.Failures.Count());
        Assert.All(expected, fault => Assert.Contains(e.Failures, f => f.Contains(fault, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Faults_of_several_models_and_pools_are_told_together_and_say_whose_they_are()
    {
        using IHost host = Build(services =>
        {
            services.AddKeyedSwan("fast", o => o.Threads = -1);
            services.AddKeyedSwan("exact", o => o.ModelPath = " ");
            services.AddSwanPredictionEnginePool<Query, Answer>(_ => { });
        });
        AggregateException e = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync());
        string message = e.ToString();
        Assert.All(
            ["SwanOptions 'fast': Threads is -1", "SwanOptions 'exact': ModelPath is blank",
                $"'{typeof(Query)} → {typeof(Answer)}': PipelinePath is not set"],
            fault => Assert.Contains(fault, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_model_is_opened_at_its_first_use_or_at_the_start_if_asked()
    {
        using (IHost lazy = Build(services => services.AddSwan(o => o.ModelPath = _model)))
        {
            await lazy.StartAsync();
            Assert.Empty(_log.Of(ModelOpened));
            lazy.Services.GetRequiredService<SwanModel>();
            Assert.Single(_log.Of(ModelOpened));
            await lazy.StopAsync();
        }
        using IHost eager =
            Build(services => services.AddSwan(o => (o.ModelPath, o.Device, o.Threads, o.WarmUp) = (_model, SwanDevice.Cpu, 1, true)));
        await eager.StartAsync();
        LogEntry entry = _log.Of(ModelOpened)[^1];
        Assert.Equal(2, _log.Of(ModelOpened).Length);
        Assert.Equal((LogLevel.Information, "Swan.MLNet.Models.SwanModel"), (entry.Level, entry.Category));
        Assert.Contains("tiny, embeddings of 6, cpu, 1 threads: as asked", entry.Message, StringComparison.Ordinal);
        await eager.StopAsync();
    }

    [Fact]
    public async Task A_model_that_can_not_be_used_ends_the_start_if_it_is_opened_then()
    {
        string broken = _folder.File("broken.swan");
        File.WriteAllText(broken, "no model");
        using IHost host = Build(services => services.AddSwan(o => (o.ModelPath, o.WarmUp) = (broken, true)));
        SwanFormatException e = await Assert.ThrowsAsync<SwanFormatException>(() => host.StartAsync());
        Assert.Contains("broken.swan", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_models_are_told_apart_by_their_keys()
    {
        string other = _folder.File("other.swan");
        SwanModelFile.Write(other, TinyModel.Card with { Name = "other" }, TinyModel.ImageOnnx, TinyModel.TextOnnx, TinyModel.Vocabulary);
        using IHost host = Build(services =>
        {
            Assert.Equal("tiny", services.AddKeyedSwan("tiny", o => o.ModelPath = _model).ServiceKey);
            services.AddKeyedSwan("other", o => o.ModelPath = other);
        });
        foreach (string key in (string[])["tiny", "other"])
        {
            Assert.Equal(key, host.Services.GetRequiredKeyedService<SwanModel>(key).Card.Name);
            Assert.Equal(key, (await host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(key)
                .GenerateAsync("river")).ModelId);
            Assert.Equal(key, host.Services.GetRequiredKeyedService<IEmbeddingGenerator<DataContent, Embedding<float>>>(key)
                .GetService<SwanModel>()?.Card.Name);
        }
        Assert.Null(host.Services.GetService<SwanModel>());
    }

    [Fact]
    public void AddSwan_reads_its_options_from_configuration()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Swan:ModelPath"] = _model, ["Swan:Device"] = "CPU", ["Swan:Threads"] = "1", ["Swan:BatchSize"] = "8",
        }).Build();
        using IHost host = Build(services => services.AddSwan(o => configuration.GetSection("Swan").Bind(o)));
        Assert.Equal("cpu, 1 threads: as asked", host.Services.GetRequiredService<SwanModel>().DeviceReport);
        Assert.Equal(8, host.Services.GetRequiredService<IOptions<SwanOptions>>().Value.BatchSize);
    }

    [Fact]
    public void A_second_call_changes_the_options_of_the_same_model()
    {
        using IHost host = Build(services =>
        {
            services.AddSwan(o => (o.ModelPath, o.Threads) = (_folder.File("nowhere.swan"), 1));
            services.AddSwan(o => (o.ModelPath, o.Device) = (_model, SwanDevice.Cpu)).Options
                .Configure<IHostEnvironment>((o, _) => o.Threads++);
        });
        Assert.Equal("cpu, 2 threads: as asked", Assert.Single(host.Services.GetServices<SwanModel>()).DeviceReport);
        Assert.Single(host.Services.GetKeyedServices<IEmbeddingGenerator<string, Embedding<float>>>(SwanBuilder.CaptionGeneratorKey));
    }

    [Fact]
    public async Task Pools_are_services_with_options_of_their_own()
    {
        string first = _folder.File("first.zip"), second = _folder.File("second.zip");
        TinyPipeline.Replace(first, TinyPipeline.Bytes(_folder, 1));
        TinyPipeline.Replace(second, TinyPipeline.Bytes(_folder, 2));
        using IHost host = Build(services => services
            .AddSwanPredictionEnginePool<Query, Answer>(o => (o.PipelinePath, o.WarmUp) = (first, true))
            .AddSwanPredictionEnginePool<Query, Version>(o => o.PipelinePath = second)
            .AddKeyedSwanPredictionEnginePool<Query, Answer>("second", o => o.PipelinePath = second));
        await host.StartAsync();
        LogEntry opened = Assert.Single(_log.Entries, e => e.Id == 10);
        Assert.Contains(first, opened.Message, StringComparison.Ordinal);
        var pool = host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Answer>>();
        Assert.Equal(1, pool.Predict(new Query { Text = "river" }).Version);
        Assert.Equal(
            2, host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Version>>().Predict(new Query { Text = "river" }).Number);
        Assert.Equal(2, host.Services.GetRequiredKeyedService<SwanPredictionEnginePool<Query, Answer>>("second")
            .Predict(new Query { Text = "river" }).Version);
        await host.StopAsync();
        host.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Predict(new Query()));
    }

    [Fact]
    public void Pools_whose_row_types_have_the_same_simple_names_have_options_of_their_own()
    {
        string first = _folder.File("first.zip"), second = _folder.File("second.zip");
        TinyPipeline.Replace(first, TinyPipeline.Bytes(_folder, 1));
        TinyPipeline.Replace(second, TinyPipeline.Bytes(_folder, 2));
        using IHost host = Build(services => services
            .AddSwanPredictionEnginePool<Query, Answer>(o => o.PipelinePath = first)
            .AddSwanPredictionEnginePool<Other.Query, Answer>(o => o.PipelinePath = second));
        Assert.Equal(
            1, host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Answer>>().Predict(new Query { Text = "river" }).Version);
        Assert.Equal(2, host.Services.GetRequiredService<SwanPredictionEnginePool<Other.Query, Answer>>()
            .Predict(new Other.Query { Text = "river" }).Version);
    }

    [Fact]
    public void A_model_that_the_application_registered_itself_does_not_keep_ours_out()
    {
        using SwanModel own = SwanModel.Open(_model);
        using IHost host = Build(services =>
        {
            services.AddSingleton(own);
            services.AddSwan(o => o.ModelPath = _model);
        });
        Assert.NotSame(own, host.Services.GetRequiredService<SwanModel>());
        Assert.NotSame(own, Captions(host).GetService<SwanModel>());
    }

    [Fact]
    public void Text_of_the_application_is_embedded_by_swan_only_where_asked()
    {
        using var own = new OwnGenerator();
        using IHost host = Build(services =>
        {
            services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(own);
            services.AddSwan(o => o.ModelPath = _model);
            services.AddKeyedSwan("other", o => o.ModelPath = _model);
        });
        Assert.Same(own, host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Single(host.Services.GetServices<IEmbeddingGenerator<string, Embedding<float>>>());

        using IHost alone = Build(services => services.AddSwan(o => o.ModelPath = _model));
        Assert.Null(alone.Services.GetService<IEmbeddingGenerator<string, Embedding<float>>>());

        using IHost asked = Build(services =>
        {
            services.AddSwan(o => o.ModelPath = _model);
            services.AddKeyedSwan("other", o => o.ModelPath = _model).AddUnkeyedCaptionGenerator().AddUnkeyedCaptionGenerator();
        });
        Assert.Same(
            asked.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("other"),
            Assert.Single(asked.Services.GetServices<IEmbeddingGenerator<string, Embedding<float>>>()));
    }

    [Fact]
    public void Two_models_under_the_caption_generators_key_are_refused()
    {
        const string Key = SwanBuilder.CaptionGeneratorKey;
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddSwan().Services.AddKeyedSwan(Key));
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddKeyedSwan(Key).Services.AddSwan());
    }

    [Fact]
    public async Task Disposing_what_a_container_handed_out_does_nothing()
    {
        string pipeline = _folder.File("pipeline.zip");
        TinyPipeline.Replace(pipeline, TinyPipeline.Bytes(_folder, 1));
        var image = new DataContent(File.ReadAllBytes(TinyImages.Write(_folder.FullName, "a.png", 1)), "image/png");
        using IHost host = Build(services =>
        {
            services.AddSwan(o => o.ModelPath = _model).AddUnkeyedCaptionGenerator();
            services.AddKeyedSwan("inside");
            services.AddSwanPredictionEnginePool<Query, Answer>(o => o.PipelinePath = pipeline);
        });
        for (int use = 0; use < 2; use++)
        {
            using SwanModel model = host.Services.GetRequiredService<SwanModel>();
            using SwanModel inside = host.Services.GetRequiredKeyedService<SwanModel>("inside");
            using IEmbeddingGenerator<string, Embedding<float>> captions = Captions(host);
            using var text = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
            using var images = host.Services.GetRequiredService<IEmbeddingGenerator<DataContent, Embedding<float>>>();
            using var pool = host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Answer>>();
            Assert.Equal(TinyModel.EmbeddingSize, model.EmbedCaption("river").Length);
            Assert.Equal(SwanModel.Default.EmbeddingSize, inside.EmbedCaption("river").Length);
            Assert.Equal(TinyModel.EmbeddingSize, (await captions.GenerateVectorAsync("river")).Length);
            Assert.Equal(TinyModel.EmbeddingSize, (await text.GenerateVectorAsync("river")).Length);
            Assert.Equal(TinyModel.EmbeddingSize, (await images.GenerateVectorAsync(image)).Length);
            Assert.Equal(1, pool.Predict(new Query { Text = "river" }).Version);
        }
    }

    private static IEmbeddingGenerator<string, Embedding<float>> Captions(IHost host) =>
        host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(SwanBuilder.CaptionGeneratorKey);

    private IHost Build(Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log);
        add(builder.Services);
        return builder.Build();
    }

    private sealed class OwnGenerator : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<GeneratedEmbeddings<Embedding<float>>>([]);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private static class Other
    {
        public sealed class Query : TinyPipeline.Query;
    }

    private sealed class Version
    {
        [Microsoft.ML.Data.ColumnName("Version")]
        public float Number { get; set; }
    }
}
