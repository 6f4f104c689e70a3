using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Models;

/// <summary>Each tower is opened at its first use, or both at once.</summary>
public sealed class SwanTowersTests : IDisposable
{
    private static readonly SwanModelOptions AtOnce = new() { Towers = SwanTowers.AtOnce };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Captions_are_embedded_beside_a_broken_image_tower()
    {
        using SwanModel model = SwanModel.Open(Broken("image"));
        TinyModel.Same(TinyModel.CaptionEmbedding(TinyModel.Sentences[0]), model.EmbedCaption(TinyModel.Sentences[0]));
        // The second try is no other than the first.
        for (int i = 0; i < 2; i++)
        {
            Assert.Contains(
                "'image.onnx' of", Assert.Throws<SwanFormatException>(() => EmbedImage(model)).Message, StringComparison.Ordinal);
        }
        Assert.NotEmpty(model.DeviceReport);
    }

    [Fact]
    public void Images_are_embedded_beside_a_broken_text_tower()
    {
        using SwanModel model = SwanModel.Open(Broken("text"));
        Assert.Equal(TinyModel.EmbeddingSize, EmbedImage(model).Length);
        Assert.True(model.HasWords("river"));
        Assert.Contains(
            "'text.onnx' of", Assert.Throws<SwanFormatException>(() => model.EmbedCaption("river")).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { "image", "'image.onnx' of 'x.swan'" }, // ONNX Runtime can't run it
        { "text", "'text.onnx' of 'x.swan'" },
        { "size", "[any, 7]" }, // its embeddings have another length than the card says
        { "vocabulary", "its card says 99" }, // the tokenizer doesn't belong to the tower
        { "contract", "swan-text-9" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Opening_both_towers_at_once_refuses_either(string what, string message)
    {
        string path = Broken(what);
        Assert.Contains(message, Assert.Throws<SwanFormatException>(() => SwanModel.Open(path, AtOnce)).Message, StringComparison.Ordinal);
        using SwanModel later = SwanModel.Open(path);
        SwanFormatException refused = Assert.Throws<SwanFormatException>(() =>
        {
            later.EmbedCaption("river");
            EmbedImage(later);
        });
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("text")]
    public async Task A_host_that_warms_up_does_not_start_with_a_broken_tower(string what)
    {
        string path = Broken(what);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwan(o => (o.ModelPath, o.WarmUp) = (path, true));
        using IHost host = builder.Build();
        await Assert.ThrowsAsync<SwanFormatException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Damage_of_an_unused_tower_is_found_by_reading_the_file()
    {
        string path = EditedModelFile.Write(
            TinyModel.Write(_folder.FullName), _folder.File("damaged.swan"), entries => entries["image.onnx"][^1] ^= 1, null);
        Assert.Contains("SHA-256", Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "SHA-256", Assert.Throws<SwanFormatException>(() => SwanModel.Open(path, AtOnce)).Message, StringComparison.Ordinal);
        using SwanModel model = SwanModel.Open(path);
        Assert.NotEmpty(model.EmbedCaption("river"));
        Assert.Contains("SHA-256", Assert.Throws<SwanFormatException>(() => EmbedImage(model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SwanTowers.WhenNeeded)]
    [InlineData(SwanTowers.AtOnce)]
    public void Both_ways_of_opening_give_the_same_bits(SwanTowers towers)
    {
        string path = TinyModel.Write(_folder.FullName);
        using SwanModel model = SwanModel.Open(path, new SwanModelOptions { Towers = towers });
        using SwanModel other = SwanModel.Open(SwanModelFile.Read(path));
        Assert.Equal(EmbedImage(other), EmbedImage(model));
        Assert.Equal(other.EmbedCaption("green river"), model.EmbedCaption("green river"));
    }

    [Fact]
    public void A_model_disposed_before_its_first_use_opens_nothing()
    {
        SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.EmbedCaption("river"));
        Assert.Throws<ObjectDisposedException>(() => EmbedImage(model));
    }

    [Fact]
    public void Disposing_a_model_beside_its_first_use_closes_everything()
    {
        string path = TinyModel.Write(_folder.FullName);
        for (int i = 0; i < 20; i++)
        {
            SwanModel model = SwanModel.Open(path);
            Parallel.Invoke(
                () => Assert.True(Record.Exception(() => model.EmbedCaption("river")) is null or ObjectDisposedException),
                () => Assert.True(Record.Exception(() => EmbedImage(model)) is null or ObjectDisposedException),
                model.Dispose);
            Assert.Throws<ObjectDisposedException>(() => EmbedImage(model));
            using FileStream free = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("cpu")]
    public void The_report_of_the_device_stays_as_it_was(string device)
    {
        using SwanModel model = SwanModel.Open(
            TinyModel.Write(_folder.FullName), new SwanModelOptions { Device = SwanDevice.Parse(device), Threads = 2 });
        string first = model.DeviceReport;
        if (device == "cpu") Assert.Equal("cpu, 2 threads: as requested", first);
        Assert.NotEmpty(model.EmbedCaption("river"));
        Assert.Equal(first, model.DeviceReport);
        Assert.NotEmpty(EmbedImage(model));
        Assert.Equal(first, model.DeviceReport);
        Assert.Equal((first, first), (model.CaptionEncoder.DeviceReport, model.ImageEncoder.DeviceReport));
    }

    [Fact]
    public void Threads_that_need_a_tower_first_share_one()
    {
        using SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        Parallel.For(0, 32, i => _ = i % 2 == 0 ? model.EmbedCaption("river") : EmbedImage(model));
        Assert.Equal((16, 16), (model.CaptionEncoder.Session.Rows, model.ImageEncoder.Session.Rows));
    }

    [Fact]
    public void An_unknown_way_of_opening_is_refused()
    {
        string path = TinyModel.Write(_folder.FullName);
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => SwanModel.Open(path, new SwanModelOptions { Towers = (SwanTowers)7 }));
        Assert.Contains("WhenNeeded or AtOnce", refused.Message, StringComparison.Ordinal);
    }

    private static float[] EmbedImage(SwanModel model)
    {
        int side = model.Card.Image.Size;
        return model.EmbedImages(1, _ => new RgbImage(side, side, new byte[3 * side * side]));
    }

    private string Broken(string what)
    {
        TextContract text = TinyModel.Card.Text;
        ModelCard card = what switch
        {
            "size" => TinyModel.Card with { EmbeddingSize = 7 },
            "vocabulary" => TinyModel.Card with { Text = text with { VocabularySize = 99 } },
            "contract" => TinyModel.Card with { Text = text with { Contract = "swan-text-9" } },
            _ => TinyModel.Card,
        };
        string path = _folder.File("x.swan");
        // A product takes two.
        byte[] image = new TinyOnnx().Input("pixels", TinyOnnx.UInt8, "N", 8, 8, 3).Output("embedding", TinyOnnx.Float, "N", 6)
            .Node("MatMul", ["pixels"], "embedding").Build();
        byte[] captions = new TinyOnnx().Input("ids", TinyOnnx.Int64, "N", "L").Output("embedding", TinyOnnx.Float, "N", 6)
            .Node("MatMul", ["ids"], "embedding").Build();
        SwanModelFile.Write(
            path, card, what == "image" ? image : TinyModel.ImageOnnx, what == "text" ? captions : TinyModel.TextOnnx,
            TinyModel.Vocabulary);
        return path;
    }
}
