using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Swan.MLNet.Hosting;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Hosting;

public sealed class AddSwanTests : IDisposable
{
    private readonly SwanHosts _hosts = new();

    public void Dispose() => _hosts.Dispose();

    [Fact]
    public async Task AddSwan_registers_the_model_and_both_generators()
    {
        using IHost host = _hosts.Build(services => services.AddSwan(o => o.ModelPath = _hosts.ModelPath));
        SwanModel model = host.Services.GetRequiredService<SwanModel>();
        IEmbeddingGenerator<string, Embedding<float>> captions = SwanHosts.Captions(host);
        var images = host.Services.GetRequiredService<IEmbeddingGenerator<DataContent, Embedding<float>>>();
        Assert.Same(model, captions.GetService<SwanModel>());
        Assert.Same(model, images.GetService<SwanModel>());
        Assert.Equal(model.EmbedCaption("river"), (await captions.GenerateVectorAsync("river")).ToArray());
        string image = TinyImages.Write(_hosts.Folder.FullName, "a.png", 1);
        Assert.Equal(model.EmbedImage(image), (await images.GenerateVectorAsync(await DataContent.LoadFromAsync(image))).ToArray());
    }

    [Fact]
    public async Task Texts_that_are_too_long_are_logged_once_a_call_on_model_or_generator()
    {
        const int TextsCut = 2;
        string text = string.Join(' ', Enumerable.Repeat("river", TinyModel.MaxCaptionLength + 1));
        using IHost host = _hosts.Build(services => services.AddSwan(o => o.ModelPath = _hosts.ModelPath));
        host.Services.GetRequiredService<SwanModel>().EmbedCaption(text);
        await SwanHosts.Captions(host).GenerateAsync([text, text, "river"]);
        Assert.Equal(
            [
                "Texts longer than 12 tokens: 1 of 1. The rest of each was ignored.",
                "Texts longer than 12 tokens: 2 of 3. The rest of each was ignored.",
            ],
            _hosts.Log.Of(TextsCut).Select(entry => entry.Message));
    }

    [Fact]
    public async Task Without_a_path_it_serves_the_model_inside_the_library_as_the_containers_own()
    {
        SwanModel model;
        using (IHost host = _hosts.Build(services => services.AddSwan().Services.AddKeyedSwan("one thread", o => o.Threads = 1)))
        {
            await host.StartAsync();
            model = host.Services.GetRequiredService<SwanModel>();
            Assert.Equal(SwanModel.Default.Card.Identity, model.Card.Identity);
            Assert.Equal(SwanModel.Default.EmbedCaption(
                "river"),
                (await SwanHosts.Captions(host).GenerateVectorAsync("river")).ToArray());
            Assert.Contains(
                "1 thread", host.Services.GetRequiredKeyedService<SwanModel>("one thread").DeviceReport, StringComparison.Ordinal);
            Assert.All(_hosts.Log.Of(SwanHosts.ModelOpened),
                entry => Assert.Contains("'the model inside Swan.MLNet' is open", entry.Message, StringComparison.Ordinal));
            await host.StopAsync();
        }
        Assert.Throws<ObjectDisposedException>(() => model.EmbedCaption("river"));
        Assert.NotEmpty(SwanModel.Default.EmbedCaption("river"));
    }

    [Fact]
    public async Task Several_models_are_told_apart_by_their_keys()
    {
        string other = _hosts.Folder.File("other.swan");
        SwanModelFile.Write(other, TinyModel.Card with { Name = "other" }, TinyModel.ImageOnnx, TinyModel.TextOnnx, TinyModel.Vocabulary);
        using IHost host = _hosts.Build(services =>
        {
            Assert.Equal("tiny", services.AddKeyedSwan("tiny", o => o.ModelPath = _hosts.ModelPath).ServiceKey);
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
            ["Swan:ModelPath"] = _hosts.ModelPath, ["Swan:Device"] = "CPU", ["Swan:Threads"] = "1", ["Swan:BatchSize"] = "8",
        }).Build();
        using IHost host = _hosts.Build(services => services.AddSwan(o => configuration.GetSection("Swan").Bind(o)));
        Assert.Equal("cpu, 1 thread: as requested", host.Services.GetRequiredService<SwanModel>().DeviceReport);
        Assert.Equal(8, host.Services.GetRequiredService<IOptions<SwanOptions>>().Value.BatchSize);
    }

    [Fact]
    public void A_second_call_changes_the_options_of_the_same_model()
    {
        using IHost host = _hosts.Build(services =>
        {
            services.AddSwan(o => (o.ModelPath, o.Threads) = (_hosts.Folder.File("nowhere.swan"), 1));
            services.AddSwan(o => (o.ModelPath, o.Device) = (_hosts.ModelPath, SwanDevice.Cpu)).Options
                .Configure<IHostEnvironment>((o, _) => o.Threads++);
        });
        Assert.Equal("cpu, 2 threads: as requested", Assert.Single(host.Services.GetServices<SwanModel>()).DeviceReport);
        Assert.Single(host.Services.GetKeyedServices<IEmbeddingGenerator<string, Embedding<float>>>(SwanBuilder.CaptionGeneratorKey));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("key")]
    public void A_model_of_the_application_registered_before_or_after_changes_nothing_of_ours(string? key)
    {
        foreach (bool after in (bool[])[false, true])
        {
            using SwanModel own = SwanModel.Open(_hosts.ModelPath);
            using IHost host = _hosts.Build(services =>
            {
                void Register() => services.AddKeyedSingleton(key, own);
                if (!after) Register();
                if (key is null) services.AddSwan(o => o.ModelPath = _hosts.ModelPath);
                else services.AddKeyedSwan(key, o => o.ModelPath = _hosts.ModelPath);
                if (after) Register();
            });
            // The application's own is what the container gives where it comes last.
            Assert.Equal(after, ReferenceEquals(own, host.Services.GetRequiredKeyedService<SwanModel>(key)));
            SwanModel ours = host.Services.GetKeyedServices<SwanModel>(key).Single(m => !ReferenceEquals(m, own));
            var captions = host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(
                key ?? SwanBuilder.CaptionGeneratorKey);
            var images = host.Services.GetRequiredKeyedService<IEmbeddingGenerator<DataContent, Embedding<float>>>(key);
            Assert.Same(ours, captions.GetService<SwanModel>());
            Assert.Same(ours, images.GetService<SwanModel>());
        }
    }

    [Fact]
    public void Two_models_under_the_caption_generators_key_are_refused()
    {
        const string Key = SwanBuilder.CaptionGeneratorKey;
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddSwan().Services.AddKeyedSwan(Key));
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddKeyedSwan(Key).Services.AddSwan());
    }
}
