using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Tests;

/// <summary>Types with converters of their own, in the JSON of applications. Swan.WithoutReflection does the same from outside.</summary>
public sealed partial class JsonConvertersTests
{
    [Fact]
    public void An_application_can_generate_the_JSON_of_a_card()
    {
        ModelCard card = TinyModel.Card with { Image = TinyModel.Card.Image with { Range = SampleRange.Full } };
        string json = JsonSerializer.Serialize(card, ApplicationJson.Default.ModelCard);
        Assert.Contains("\"full\"", json, StringComparison.Ordinal);
        Assert.Equal(SampleRange.Full, JsonSerializer.Deserialize(json, ApplicationJson.Default.ModelCard)!.Image.Range);
    }

    [Fact]
    public void Every_converter_of_a_public_type_is_public()
    {
        Type[] types = [.. typeof(ModelCard).Assembly.GetExportedTypes()];
        Type[] converters = [.. types.Concat<MemberInfo>(types.SelectMany(t => t.GetProperties()))
            .SelectMany(m => m.GetCustomAttributes<JsonConverterAttribute>(inherit: false))
            .Select(a => a.ConverterType!)];
        Assert.Contains(typeof(SampleRangeJsonConverter), converters);
        Assert.All(converters, c => Assert.True(c.IsVisible, $"{c} is not public"));
    }

    [JsonSerializable(typeof(ModelCard))]
    [JsonSerializable(typeof(ImagePreprocessing))]
    private sealed partial class ApplicationJson : JsonSerializerContext;
}
