using System.Globalization;
using System.Text;

namespace Swan.Geo.Places;

/// <summary>How QGIS draws places by default: outlines and light fills by score or probability, with the query beside them.</summary>
internal static class GeoPackageStyle
{
    // From the least to the best: yellow to violet, which stand out of green, brown and gray ground.
    private static readonly string[] s_colors = ["253,231,76", "255,177,60", "250,112,72", "214,40,106", "142,12,120"];

    /// <summary>A style in QGIS's own language (QML).</summary>
    /// <param name="attribute">The column by which places are colored.</param>
    /// <param name="low">Its least value.</param>
    /// <param name="high">Its largest value.</param>
    public static string Qml(string attribute, double low, double high)
    {
        // One value makes one class; QGIS takes what lies on a boundary into the lower class.
        int classes = high > low ? s_colors.Length : 1;
        StringBuilder ranges = new(), symbols = new();
        for (int i = 0; i < classes; i++)
        {
            double from = low + (high - low) * i / classes, to = i == classes - 1 ? high : low + (high - low) * (i + 1) / classes;
            ranges.Append(CultureInfo.InvariantCulture, $"""
                <range symbol="{i}" lower="{from:R}" upper="{to:R}" label="{from:0.000} - {to:0.000}" render="true"/>

                """);
            symbols.Append(Symbol(i.ToString(CultureInfo.InvariantCulture), s_colors[s_colors.Length - classes + i]));
        }

        return $"""
            <!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
            <qgis version="3.22.0" styleCategories="Symbology|Labeling" labelsEnabled="1">
            <renderer-v2 type="graduatedSymbol" attr="{attribute}" graduatedMethod="GraduatedColor" symbollevels="0" enableorderby="1">
            <ranges>
            {ranges}</ranges>
            <symbols>
            {symbols}</symbols>
            <source-symbol>
            {Symbol("0", s_colors[^1])}</source-symbol>
            <classificationMethod id="EqualInterval"/>
            <orderby><orderByClause asc="1" nullsFirst="1">"{attribute}"</orderByClause></orderby>
            </renderer-v2>
            {Labels(attribute)}
            <layerGeometryType>2</layerGeometryType>
            </qgis>
            """;
    }

    private static string Symbol(string name, string color) => $"""
        <symbol type="fill" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
        <Option type="Map">
        <Option type="QString" name="color" value="{color},50"/>
        <Option type="QString" name="style" value="solid"/>
        <Option type="QString" name="outline_color" value="{color},255"/>
        <Option type="QString" name="outline_style" value="solid"/>
        <Option type="QString" name="outline_width" value="0.6"/>
        <Option type="QString" name="outline_width_unit" value="MM"/>
        <Option type="QString" name="joinstyle" value="miter"/>
        </Option>
        </layer>
        </symbol>

        """;

    private static string Labels(string attribute) => $"""
        <labeling type="simple">
        <settings calloutType="simple">
        <text-style fieldName="&quot;query&quot; || ' ' || format_number(&quot;{attribute}&quot;, 2)" isExpression="1"
         fontSize="9" fontSizeUnit="Point" textColor="20,20,20,255" textOpacity="1" namedStyle="Regular">
        <text-buffer bufferDraw="1" bufferSize="0.6" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.85"/>
        </text-style>
        <text-format wrapChar="" multilineAlign="0"/>
        <placement placement="1" centroidWhole="1" centroidInside="0" fitInPolygonOnly="0" priority="5"/>
        <rendering drawLabels="1" obstacle="0" scaleVisibility="0" displayAll="0"/>
        </settings>
        </labeling>
        """;
}
