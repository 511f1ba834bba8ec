tabData = [
 {"id":0,"date":"2024-01-02","market":"SSE Northbound","tradingDay":1,"content":[
   {"style":1,"table":{"classname":"tradingTable",
     "schema":[["Buy Turnover","Sell Turnover","Total Turnover","Buy Trade Count","Sell Trade Count","Total Trade Count","DQB","ETF Turnover"]],
     "tr":[{"td":[["20,100.50"]]},{"td":[["21,000.25"]]},{"td":[["41,100.75"]]},{"td":[["800,100"]]},{"td":[["812,000"]]},{"td":[["1,612,100"]]},{"td":[["999,999,999"]]},{"td":[["310.20"]]}]}},
   {"style":2,"table":{"classname":"top10Table",
     "schema":[["Rank","Stock Code","Stock Name","Buy Turnover","Sell Turnover","Total Turnover"]],
     "tr":[{"td":[["1","600519","KWEICHOW MOUTAI CO., LTD.","900,000,000","800,000,000","1,700,000,000"]]}]}}]},
 {"id":1,"date":"2024-01-02","market":"SSE Southbound","tradingDay":1,"content":[
   {"style":1,"table":{"classname":"tradingTable",
     "schema":[["Total Turnover","Buy Turnover","Sell Turnover","Total Trade Count","Buy Trade Count","Sell Trade Count","ETF Turnover"]],
     "tr":[{"td":[["12,345.67"]]},{"td":[["6,000.17"]]},{"td":[["6,345.50"]]},{"td":[["301,000"]]},{"td":[["150,000"]]},{"td":[["151,000"]]},{"td":[["512.30"]]}]}},
   {"style":2,"table":{"classname":"top10Table",
     "schema":[["Rank","Stock Code","Stock Name","Buy Turnover","Sell Turnover","Total Turnover"]],
     "tr":[{"td":[["1","00700","TENCENT","800,000,100","700,000,000","1,500,000,100"]]},
           {"td":[["2","3690","MEITUAN-W","300,000,000","450,000,050","750,000,050"]]},
           {"td":[["3","01810","XIAOMI-W　　","90,000,000","110,000,000","200,000,000"]]},
           {"td":[["-","-","-","-","-","-"]]}]}}]},
 {"id":2,"date":"2024-01-02","market":"SZSE Northbound","tradingDay":1,"content":[
   {"style":1,"table":{"classname":"tradingTable",
     "schema":[["Total Turnover","Total Trade Count"]],
     "tr":[{"td":[["-"]]},{"td":[["-"]]}]}}]},
 {"id":3,"date":"2024-01-02","market":"SZSE Southbound","tradingDay":true,"content":[
   {"style":1,"table":{"classname":"tradingTable",
     "schema":[["Sell Turnover","Total Trade Count","Buy Turnover","Total Turnover","Sell Trade Count","Buy Trade Count"]],
     "tr":[{"td":[["4,100.10"]]},{"td":[["200,000"]]},{"td":[["4,000.00"]]},{"td":[["8,100.10"]]},{"td":[["101,000"]]},{"td":[["99,000"]]}]}},
   {"style":2,"table":{"classname":"top10Table",
     "schema":[["Rank","Stock Code","Stock Name","Buy Turnover","Sell Turnover","Total Turnover"]],
     "tr":[{"td":[["1","00981","SMIC","500,000,000","400,000,000","900,000,000"]]}]}}]}
];
