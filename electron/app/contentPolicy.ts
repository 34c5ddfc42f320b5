/**
 * What the page may load and run. No eval: Cesium's widget and zod work without it. `wasm-unsafe-eval` compiles Cesium's decoders,
 * `style-src 'unsafe-inline'` is for Vue's bound styles and ECharts' tooltips. Network: only the gateway that this process started.
 */
export function contentPolicy(gatewayUrl: string): string {
  const { host } = new URL(gatewayUrl);
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' blob: data: http://${host} ws://${host}`,
    "worker-src 'self' blob:",
    "media-src 'self' blob: mediastream:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}
