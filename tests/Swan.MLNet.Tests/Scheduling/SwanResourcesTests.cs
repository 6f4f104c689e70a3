using Microsoft.ML;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Scheduling;

[Collection(nameof(WorkFrameTests))]
public sealed class SwanResourcesTests : IDisposable
{
    private readonly SavedResources _saved = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _saved.Dispose();
    }

    [Fact]
    public void Defaults_follow_the_processors_and_the_memory_of_the_process()
    {
        Assert.Equal(Environment.ProcessorCount, ResourceLimit.Decodes.Default());
        Assert.Equal(Environment.ProcessorCount, ResourceLimit.EncoderThreads.Default());
        Assert.True(ResourceLimit.Reads.Default() > ResourceLimit.Decodes.Default());
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assert.Equal(Math.Max(64L << 20, available / 4), ResourceLimit.PictureBytes.Default());
        Assert.Equal(Math.Clamp(available / 2, 256L << 20, 2L << 30), ResourceLimit.EncoderBytes.Default());
    }

    [Fact]
    public void Values_out_of_range_are_refused_and_change_nothing()
    {
        int decodes = SwanResources.MaxDecodes;
        Refuses("MaxDecodes is 0; expected a whole number from 1 to 4096", () => SwanResources.MaxDecodes = 0);
        Refuses("MaxReads is -1; expected a whole number from 1 to 4096", () => SwanResources.MaxReads = -1);
        Refuses("EncoderThreads is 5000", () => SwanResources.EncoderThreads = 5000);
        Refuses("MaxEncoderBytes is 4294967296; expected a whole number from 16777216 to 4294967295",
            () => SwanResources.MaxEncoderBytes = 1L << 32);
        Refuses("MaxPictureBytes is 1000; expected a whole number from 1048576", () => SwanResources.MaxPictureBytes = 1000);
        Assert.Equal(decodes, SwanResources.MaxDecodes);

        static void Refuses(string words, Action set) =>
            Assert.Contains(words, Assert.Throws<ArgumentOutOfRangeException>(set).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoders_that_are_opened_later_have_the_threads_of_the_process()
    {
        string path = TinyModel.Write(_folder.FullName);
        SwanResources.EncoderThreads = 3;
        using SwanModel shared = SwanModel.Open(path), own = SwanModel.Open(path, new SwanModelOptions { Threads = 2 });
        Assert.Contains("cpu, 3 threads", shared.DeviceReport, StringComparison.Ordinal);
        Assert.Contains("cpu, 2 threads", own.DeviceReport, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SWAN_MAX_DECODES", "many")]
    [InlineData("SWAN_MAX_READS", "0")]
    [InlineData("SWAN_ENCODER_THREADS", "-2")]
    [InlineData("SWAN_MAX_PICTURE_BYTES", "99999999999999999999")]
    [InlineData("SWAN_MAX_ENCODER_BYTES", "2GB")]
    public void A_variable_that_can_not_be_understood_is_named(string variable, string value)
    {
        (int code, _, string errors) = Run(variable, value);
        Assert.NotEqual(0, code);
        string words = $"The environment variable {variable} is '{value}'; expected a whole number from ";
        Assert.Contains(words, errors, StringComparison.Ordinal);
        Assert.Contains("or unset it to take the default", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_sets_the_value_at_the_start()
    {
        (int code, string output, string errors) = Run("SWAN_ENCODER_THREADS", "3");
        Assert.True(code == 0, errors);
        Assert.Contains("cpu, 3 threads", output, StringComparison.Ordinal);
    }

    private (int Code, string Output, string Errors) Run(string variable, string value)
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new TextRow { Text = TinyImages.Write(_folder.FullName, "a.png", 1) }]);
        string saved = _folder.File("pipeline.zip");
        using (var step = ml.Transforms.SwanEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName)).Fit(data))
            ml.Model.Save(step, data.Schema, saved);
        return LoadOnlyProcess.Run(
            "Swan.LoadOnly", [saved, "Text", _folder.File("a.png")], new Dictionary<string, string> { [variable] = value });
    }
}
