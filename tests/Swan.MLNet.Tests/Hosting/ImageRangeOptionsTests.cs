using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Swan.MLNet.Hosting;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Hosting;

/// <summary>How a service reads satellite images.</summary>
public sealed class ImageRangeOptionsTests : IDisposable
{
    private readonly SwanHosts _hosts = new();

    public void Dispose() => _hosts.Dispose();

    [Fact]
    public async Task Configuration_says_range_and_bands_of_the_model_and_its_generator()
    {
        string image = _hosts.Folder.File("deep.tif");
        File.WriteAllBytes(image, new WrittenTiff(16, 16, 4, 16, (x, y, band) => 90 * x + 40 * y + 300 * band).Write());
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ModelPath"] = _hosts.ModelPath,
            ["Range"] = "values 0 2500.5",
            ["Bands:0"] = "4",
            ["Bands:1"] = "3",
            ["Bands:2"] = "2",
            ["MinValidShare"] = "0.2",
        }).Build();
        using IHost host = _hosts.Build(services => services.AddSwan(o => configuration.Bind(o)));
        var expected = new ImageDecodingOptions { Range = SampleRange.Values(0, 2500.5), Bands = [4, 3, 2], MinValidShare = 0.2 };

        SwanModel model = host.Services.GetRequiredService<SwanModel>();
        var generator = host.Services.GetRequiredService<IEmbeddingGenerator<DataContent, Embedding<float>>>();

        Assert.Equal(expected, model.Decoding);
        float[] embedding = model.EmbedImage(ImageDecoder.Decode(image, expected));
        Assert.Equal(embedding, model.EmbedImage(image));
        Assert.Equal(embedding, (await generator.GenerateVectorAsync(new DataContent(File.ReadAllBytes(image), "image/tiff"))).ToArray());
    }

    [Fact]
    public void A_range_that_is_none_and_values_out_of_range_are_named()
    {
        IConfiguration configuration =
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Range"] = "0-3000" }).Build();
        using IHost wrong = _hosts.Build(services => services.AddSwan(o => configuration.Bind(o)));
        using IHost outside = _hosts.Build(services => services.AddSwan(o => (o.Bands, o.MinValidShare) = ([0], 3)));

        Assert.Contains("'0-3000'", Assert.ThrowsAny<Exception>(
            () => wrong.Services.GetRequiredService<IOptions<SwanOptions>>().Value).ToString(), StringComparison.Ordinal);
        string message = Assert.Throws<OptionsValidationException>(
            () => outside.Services.GetRequiredService<IOptions<SwanOptions>>().Value).Message;
        Assert.Contains("Bands is '0'", message, StringComparison.Ordinal);
        Assert.Contains("MinValidShare is 3; expected 0 to 1", message, StringComparison.Ordinal);
    }
}
