using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text;
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

    [Fact]
    public void A_text_is_read_and_written_alike_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone(); // as in German; a system may have no cultures
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            Assert.Equal("1,5", $"{1.5f}");
            Assert.Equal("\"1.5\"", JsonSerializer.Serialize(new Amount(1.5f)));
            Assert.Equal(new Amount(1.5f), JsonSerializer.Deserialize<Amount>("\"1.5\""));
            Assert.Equal(new Amount(1.5f), TypeDescriptor.GetConverter(typeof(Amount)).ConvertFrom("1.5"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("5", "Expected a text in quotes; found a number.")]
    [InlineData("{}", "Expected a text in quotes; found an object. Expected an amount, not '{'.")]
    [InlineData("[5]", "Expected a text in quotes; found an array. Expected an amount, not '['.")]
    [InlineData("null", "Expected a text in quotes; found null. Expected an amount, not 'null'.")]
    [InlineData("\"many\"", "Expected an amount, not 'many'.")]
    [InlineData("\"1000\"", "An amount is at most 999.")]
    public void What_cannot_be_read_is_a_JSON_error_that_names_it(string json, string message) =>
        Assert.Equal(message, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Amount>(json)).Message);

    [Fact]
    public void A_number_in_pieces_is_refused_like_any_other()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("5" + new string('0', 100)));
        var e = Assert.Throws<JsonException>(
            () => JsonSerializer.Deserialize<SwanDevice>(stream, new JsonSerializerOptions { DefaultBufferSize = 16 }));
        Assert.Contains("Expected auto, cpu, cuda or cuda:N", e.Message, StringComparison.Ordinal);
    }

    [JsonConverter(typeof(TextJsonConverter<Amount>))]
    [TypeConverter(typeof(TextTypeConverter<Amount>))]
    private readonly record struct Amount(float Value) : IParsable<Amount>, IFormattable
    {
        public static Amount Parse(string s, IFormatProvider? provider) =>
            !TryParse(s, provider, out Amount amount) ? throw new FormatException($"Expected an amount, not '{s}'.")
            : amount.Value > 999 ? throw new OverflowException("An amount is at most 999.")
            : amount;

        public static bool TryParse(string? s, IFormatProvider? provider, out Amount result)
        {
            bool read = float.TryParse(s, NumberStyles.AllowDecimalPoint, provider, out float value);
            result = new(value);
            return read;
        }

        public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);
    }

    [JsonSerializable(typeof(ModelCard))]
    [JsonSerializable(typeof(ImagePreprocessing))]
    private sealed partial class ApplicationJson : JsonSerializerContext;
}
