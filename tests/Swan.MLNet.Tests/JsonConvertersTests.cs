using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Swan.MLNet.Datasets;
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
        Assert.Contains(typeof(TextJsonConverter<SampleRange>), converters);
        Assert.All(converters, c => Assert.True(c.IsVisible, $"{c} is not public"));
    }

    [Fact]
    public void Values_that_are_texts_are_read_as_written_and_refused_with_what_is_expected()
    {
        Check(SwanDevice.Cuda(1), "Expected auto, cpu, cuda or cuda:N");
        Check(SplitRule.Group("^a_"), "Expected random, scene or group:REGEX");
        Check(SampleRange.Values(0, 3000), "'values LOW HIGH'");

        static void Check<T>(T value, string expected)
            where T : IParsable<T>
        {
            string json = JsonSerializer.Serialize(value);
            Assert.Equal($"\"{value}\"", json);
            Assert.Equal(value, JsonSerializer.Deserialize<T>(json));
            foreach (string wrong in (string[])["\"other\"", "5", "true", "[]", "{}"])
            {
                Assert.Contains(expected, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<T>(wrong)).Message,
                    StringComparison.Ordinal);
            }

            Assert.True(T.TryParse(value.ToString(), null, out T? parsed));
            Assert.Equal(value, parsed);
            Assert.False(T.TryParse("other", null, out _));
            Assert.False(T.TryParse(null, null, out _));
        }
    }

    [JsonSerializable(typeof(ModelCard))]
    [JsonSerializable(typeof(ImagePreprocessing))]
    private sealed partial class ApplicationJson : JsonSerializerContext;
}
